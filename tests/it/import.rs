//! The plans of `schedules/` as a naive clerk would keep them in a spreadsheet, and read back.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use duban::calendar::Cadence;
use duban::domain::{Due, LeadBasis, Plan, Task, UnitId};
use duban::import::{self, Asked, Kind, Source};
use duban::schedules;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

const COLUMNS: [&str; 7] = ["序号", "任务内容", "条款", "责任单位", "配合单位", "完成时限", "备注"];

/// Below a title, a blank row and the names.
const FIRST_ROW: u32 = 3;

/// What a clerk types for a deadline: several ways, by turns.
fn typed(task: &Task, turn: usize) -> String {
    let pick = |ways: &[String]| ways[turn % ways.len()].clone();
    let zh = |day: NaiveDate| format!("{}年{}月{}日", day.year(), day.month(), day.day());
    let is_month_end = |day: NaiveDate| day.succ_opt().unwrap().month() != day.month();
    match &task.due {
        Due::By(day) => {
            let mut ways =
                vec![format!("{}前", zh(*day)), day.to_string(), day.format("%Y/%-m/%-d").to_string()];
            if is_month_end(*day) {
                ways.push(format!("{}年{}月底前", day.year(), day.month()));
                if day.year() == 2021 {
                    ways.extend([format!("{}月底前", day.month()), format!("{} 月 底", day.month())]);
                }
            }
            if (day.month(), day.day()) == (12, 31) {
                ways.push(format!("{}年底前", day.year()));
            }
            let way = pick(&ways);
            if task.target { format!("力争{way}") } else { way }
        }
        Due::Every(recurrence) => {
            let often = match recurrence.every {
                Cadence::Quarter => pick(&["每季度".into(), "按季度".into(), "每季度一次".into()]),
                Cadence::Month => pick(&["每月".into(), "按月".into()]),
                Cadence::HalfYear => "每半年".to_owned(),
                Cadence::TenDays => "每旬".to_owned(),
                Cadence::Year => "每年度".to_owned(),
                Cadence::Week => "每周".to_owned(),
                Cadence::Day => "每日".to_owned(),
                Cadence::Workday => "每个工作日".to_owned(),
            };
            let from = recurrence.from.map(|day| format!("{}起", zh(day))).unwrap_or_default();
            let after = recurrence.due_after_days.map(|days| format!("结束后{days}日内")).unwrap_or_default();
            format!("{from}{often}{after}")
        }
        Due::Window(days) if days.from.year() == days.until.year() => {
            format!("{}年{}-{}月", days.from.year(), days.from.month(), days.until.month())
        }
        Due::Window(days) => format!("{}至{}", zh(days.from), zh(days.until)),
        Due::YearlyWindow(yearly) => {
            let (from, until) = (yearly.window.from, yearly.window.until);
            let next = if from > until { "次年" } else { "" };
            let begins = yearly.from.map(|day| format!("{}起", zh(day))).unwrap_or_default();
            format!("{begins}每年{}月{}日至{next}{}月{}日", from.month, from.day, until.month, until.day)
        }
        Due::Starting(day) if day.day() == 1 => {
            pick(&[format!("{}年{}月起", day.year(), day.month()), format!("{}起", zh(*day))])
        }
        Due::Starting(day) => format!("{}起", zh(*day)),
        Due::Avoid(days) => {
            format!("避开{}年{}-{}月", days.from.year(), days.from.month(), days.until.month())
        }
        Due::YearlyAvoid(yearly) => {
            let begins = yearly.from.map(|day| format!("{}起", zh(day))).unwrap_or_default();
            format!("{begins}每年避开{}-{}月", yearly.window.from.month, yearly.window.until.month)
        }
        Due::Ongoing => pick(&["长期坚持".into(), "持续推进".into(), "长期".into()]),
        Due::Awaiting(phrase) | Due::Done(phrase) => phrase.split('：').next().unwrap_or_default().to_owned(),
        Due::Cron(_) => panic!("no shipped plan has one"),
    }
}

/// The plan as a sheet: a title over it, and a lead's cell merged over the rows that share it.
fn as_a_clerk_keeps_it(plan: &Plan, units: &BTreeMap<UnitId, Vec<String>>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let plain = Format::new().set_text_wrap();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    sheet.merge_range(0, 0, 0, 6, &format!("{}任务台账", plan.head.title), &plain).unwrap();
    for (column, name) in (0..).zip(COLUMNS) {
        sheet.write_string(2, column, name).unwrap();
    }
    let named = |ids: &[UnitId], turn: usize| {
        let between = ["、", "，", ";", "\n"][turn % 4];
        let names = ids.iter().enumerate().map(|(at, id)| units[id][(turn + at) % units[id].len()].clone());
        names.collect::<Vec<_>>().join(between)
    };
    for (row, (turn, task)) in (FIRST_ROW..).zip(plan.tasks.iter().enumerate()) {
        sheet.write_number(row, 0, f64::from(row - 2)).unwrap();
        sheet.write_string(row, 1, &task.text).unwrap();
        sheet.write_string(row, 4, named(&task.cooperate, turn)).unwrap();
        if let Due::By(day) = task.due
            && turn % 5 == 0
            && !task.target
        {
            let small = |number: u32| u8::try_from(number).unwrap();
            let year = u16::try_from(day.year()).unwrap();
            let day = ExcelDateTime::from_ymd(year, small(day.month()), small(day.day())).unwrap();
            sheet.write_datetime_with_format(row, 5, day, &date).unwrap();
        } else {
            sheet.write_string(row, 5, typed(task, turn)).unwrap();
        }
    }
    // Leads: merged downwards where rows in turn have the same.
    let mut first = 0;
    while first < plan.tasks.len() {
        let lead = &plan.tasks[first].lead;
        let same = plan.tasks[first..].iter().take_while(|task| task.lead == *lead).count();
        let at = |index: usize| u32::try_from(index).unwrap() + FIRST_ROW;
        let (top, bottom) = (at(first), at(first + same - 1));
        let text = named(lead, first);
        if same > 1 && first % 2 == 0 {
            sheet.merge_range(top, 3, bottom, 3, &text, &plain).unwrap();
        } else {
            for row in top..=bottom {
                sheet.write_string(row, 3, &text).unwrap();
            }
        }
        first += same;
    }
    workbook.save_to_buffer().unwrap()
}

/// The same time, but for the words behind an open date's phrase and what a done task was called.
fn is_same(read: &Due, filed: &Due) -> bool {
    match (read, filed) {
        (Due::Awaiting(read), Due::Awaiting(filed)) => filed.starts_with(read.as_str()),
        // The cell says every day; that it holds for emergencies only stands in the clause.
        (Due::Every(read), Due::Awaiting(filed)) => {
            read.every == duban::calendar::Cadence::Day && filed.starts_with("每日调度")
        }
        // The phrase was left open since its plan's year may not be the calendar's.
        (Due::By(day), Due::Awaiting(filed)) => {
            filed.starts_with("年度内") && (day.month(), day.day()) == (12, 31)
        }
        // 常态化 is a duty that goes on; the plan asks the office for its cadence.
        (Due::Ongoing, Due::Awaiting(filed)) => filed.starts_with("常态化"),
        (read, filed) => read == filed,
    }
}

#[test]
fn the_shipped_plans_come_back_from_a_clerks_spreadsheet() {
    let declared = schedules::embedded().declared.expect("the shipped plans are right");
    let names: BTreeMap<UnitId, Vec<String>> = declared
        .units
        .iter()
        .map(|unit| {
            let names = [&unit.name, &unit.short].into_iter().chain(&unit.aliases).cloned().collect();
            (unit.id.clone(), names)
        })
        .collect();
    let mut rows = 0;
    for file in &declared.plans {
        let plan = &file.plan;
        let bytes = as_a_clerk_keeps_it(plan, &names);
        let source = Source { name: "台账.xlsx", bytes: &bytes };
        let table = import::table(&import::open(&source).unwrap(), None).unwrap();
        let asked = Asked {
            plan: Some(plan.head.id.clone()),
            issued_on: Some(plan.head.issued_on),
            ..Asked::default()
        };
        let imported = import::plan(&source, &table, &declared.units, &asked).unwrap();
        let listed: Vec<_> = imported.report.of(Kind::NotUnderstood).collect();
        assert!(listed.is_empty(), "{}: {listed:#?}", plan.head.id);
        let (read, brought) = imported.plan.expect("every row is a task");
        assert_eq!(read.tasks.len(), plan.tasks.len());
        for (read, filed) in read.tasks.iter().zip(&plan.tasks) {
            let name = format!("{}/{}", plan.head.id, filed.id);
            assert!(is_same(&read.due, &filed.due), "{name}: {:?} instead of {:?}", read.due, filed.due);
            // 力争 of a duty that goes on stands in its text, not in a deadline's cell.
            assert!(read.target == filed.target || !matches!(filed.due, Due::By(_)), "{name}");
            assert_eq!(read.lead, filed.lead, "{name}");
            assert_eq!(read.cooperate, filed.cooperate, "{name}");
            assert!(matches!(read.lead_basis, LeadBasis::List | LeadBasis::Inferred));
            rows += 1;
        }
        assert_eq!(brought.rows.len(), plan.tasks.len(), "each with its number");
        // What it becomes is a plan file like any other.
        let text = schedules::to_toml(&read);
        let file = schedules::Source { name: "imported.toml".into(), text };
        let (again, faults) = schedules::parse_plan(&file, &declared.units, &[]);
        let errors: Vec<_> = faults.iter().filter(|fault| fault.is_error()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert_eq!(again.expect("a plan").plan, read);
    }
    assert!(rows >= 170, "{rows} rows");
}
