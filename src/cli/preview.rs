//! `preview`: the letters that would go, as rows or grouped into letters.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;

use super::args::{Format, PreviewArgs};
use super::ask::told;
use super::failure::{Failure, Outcome};
use super::print::{Ink, Printer, padded};
use super::speech::Speech;
use super::words::Names;
use super::{Context, files, unit};
use crate::clock::Clock;
use crate::domain::{OccurrenceId, Role, Unit};
use crate::locale::message;
use crate::office::forecast;
use crate::report::Row;
use unicode_width::UnicodeWidthStr as _;

/// Columns of the stage, `lead-30d` say.
const STAGE_COLUMNS: usize = 12;

/// `preview`: on plan files alone, or the running daemon's with `--live`
pub fn preview(context: &Context, args: PreviewArgs) -> anyhow::Result<Outcome> {
    let (from, until) = (args.ask.from, args.ask.until);
    if from > until {
        let words = message("days-turned").with("from", &from).with("until", &until);
        return Err(Failure::fault(words).cure(message("cure-days-turned")).into());
    }
    let (rows, units, unknown) = if args.live {
        let health = context.wait(context.client(&context.data_dir()?).status())?.map_err(told)?;
        let is_unknown = |year: &i32| !health.published_years.contains(year);
        let unknown = (from.year()..=until.year()).filter(is_unknown).collect();
        (context.ask(args.ask)?, unit::all(context)?, unknown)
    } else {
        let declared = files::declared(&context.global, &context.printer)?;
        let unknown = declared.working().provisional_years(from, until);
        let rows = forecast::of_files(&declared, args.ask, Clock::Wall)
            .map_err(|refused| context.refused(refused))?;
        (rows, declared.units, unknown)
    };
    print(&context.printer, args.format.format, &rows, &units)?;
    context.tell_provisional(&unknown);
    Ok(Outcome::Done)
}

/// Prints rows, which may be a daemon's too.
fn print(printer: &Printer, format: Format, rows: &[Row], units: &[Unit]) -> anyhow::Result<()> {
    match format {
        Format::Json => printer.json(rows),
        Format::Table => Ok(printer.text(&letters(printer, rows, units))?),
    }
}

pub(super) fn letters(printer: &Printer, rows: &[Row], units: &[Unit]) -> String {
    let (names, speech) = (Names::of(units), printer.speech());
    let mut letters: BTreeMap<(&chrono::DateTime<chrono::FixedOffset>, &str), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        letters.entry((&row.send_at, row.letter.as_str())).or_default().push(row);
    }
    let mut text = String::new();
    for items in letters.values() {
        let Some(first) = items.first() else { continue };
        text.push_str(&head(printer, first, items.len(), &names));
        for row in items {
            text.push_str(&item(printer, row, &names));
        }
        text.push('\n');
    }
    let recipients: BTreeSet<(&str, bool)> =
        rows.iter().map(|row| (row.unit.as_str(), row.role == Role::Leader)).collect();
    let sum = match letters.len() {
        0 => speech.told(&message("preview-none")),
        number => {
            let sum = message("preview-sum").with("letters", &speech.count(number, "letter"));
            let sum = sum.with("recipients", &speech.count(recipients.len(), "recipient"));
            speech.told(&sum.with("items", &speech.count(rows.len(), "item")))
        }
    };
    text.push_str(&sum);
    text.push('\n');
    text
}

/// `2021-06-30 Wed 09:00  市生态环境局阳城分局 (eco-env)  4 items`.
fn head(printer: &Printer, row: &Row, items: usize, names: &Names) -> String {
    let unit = row.unit.parse().map_or_else(|_| row.unit.clone(), |id| names.both(&id));
    let speech = printer.speech();
    let to = if row.role == Role::Leader {
        speech.told(&message("preview-leader").with("unit", &unit))
    } else {
        unit
    };
    let when = format!("{} {}", speech.day(row.send_at.date_naive()), row.send_at.format("%H:%M"));
    let words = format!("{when}  {to}  ");
    format!("{}{}\n", printer.ink(Ink::Bold, &words), speech.count(items, "item"))
}

/// `lead-7d`, 到期前7天.
fn stage(speech: Speech, stage: &str) -> String {
    let days = stage.strip_prefix("lead-").and_then(|rest| rest.strip_suffix('d'));
    if let Some(days) = days {
        return speech.told(&message("stage-lead").with("days", days));
    }
    speech.word_or("stage", stage)
}

/// `  lead-7d     2021-06-30 Wed  非道路移动机械季度专项检查 2021Q2  machinery-check`.
fn item(printer: &Printer, row: &Row, names: &Names) -> String {
    let cooperates = row.role == Role::Cooperating;
    let speech = printer.speech();
    let stage = if cooperates { speech.word("cooperates") } else { stage(speech, row.stage.as_str()) };
    let deadline = row.deadline.map(|day| speech.day(day)).unwrap_or_default();
    let period = row.occurrence.parse::<OccurrenceId>().map(|id| id.period.to_string());
    let period = period.ok().filter(|period| period != "once");
    let mut title = row.title.clone();
    if let Some(period) = period.filter(|_| row.task != crate::domain::COLLECTION) {
        title = format!("{title} {period}");
    }
    if let Some(advised) = row.advised {
        let told = message("preview-advised").with("title", &title);
        title = speech.told(&told.with("day", &speech.day(advised)));
    }
    if row.late {
        title = speech.told(&message("preview-late").with("title", &title));
    }
    if row.answers != row.unit && !cooperates {
        let unit = row.answers.parse().map_or_else(|_| row.answers.clone(), |id| names.short(&id));
        title = format!("{unit}: {title}");
    }
    let label = format!(
        "  {}{}",
        padded(&stage, STAGE_COLUMNS),
        padded(&deadline, speech.day(row.send_at.date_naive()).width() + 2)
    );
    let line = printer.hanging(&label, &format!("{title}  {}", row.task));
    match line.rfind(&row.task) {
        Some(at) => {
            let (before, after) = line.split_at(at);
            format!("{before}{}\n", printer.ink(Ink::Faint, after.trim_end()))
        }
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report;

    #[test]
    fn letters_group_their_items_and_align_under_chinese_names() {
        let declared = crate::schedules::embedded().declared.unwrap();
        let day = |text: &str| text.parse().unwrap();
        let drafts = report::preview::preview(&declared, day("2021-05-28"), day("2021-05-31"));
        let rows: Vec<Row> =
            drafts.iter().flat_map(report::rows).filter(|row| row.unit == "eco-env").collect();
        let shown = letters(&Printer::plain(Some(80)), &rows, &declared.units);
        insta::assert_snapshot!(shown, @r#"
        2021-05-28 Fri 09:00  市生态环境局阳城分局 (eco-env)  4 items
          lead-1d     2021-05-31 Mon  2020年度清洁生产审核评估  clean-production-audit
          lead-1d     2021-05-31 Mon  工业余热供热情况摸底调查  waste-heat-survey
          lead-1d     2021-05-31 Mon  制定一断面一方案  section-plans
          lead-3d     2021-05-31 Mon  按月推进清洁生产中高费项目 2021-05
                                      clean-production-projects

        2021-05-31 Mon 09:00  市生态环境局阳城分局 (eco-env)  7 items
          due         2021-05-31 Mon  2020年度清洁生产审核评估  clean-production-audit
          due         2021-05-31 Mon  按月推进清洁生产中高费项目 2021-05
                                      clean-production-projects
          due         2021-05-31 Mon  工业余热供热情况摸底调查  waste-heat-survey
          due         2021-05-31 Mon  制定一断面一方案  section-plans
          lead-30d    2021-06-30 Wed  干洗店摸底和挥发性有机物治理  dry-cleaners
          lead-30d    2021-06-30 Wed  完善县城精细化管理方案  fine-management-plan
          lead-30d    2021-06-30 Wed  非道路移动机械季度专项检查 2021Q2  machinery-check

        2 letters to 1 recipient, 11 items
        "#);
    }
}
