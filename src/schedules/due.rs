//! `due` and `collect`: exactly one shape, every key of it known, and a next date.

use chrono::NaiveDate;

use crate::calendar::{Cadence, CronSchedule, On, Period, Recurrence, RecurrenceError, YearlyWindow};
use crate::domain::{Collect, CronDue, Days, Due, Yearly};

use super::diagnostic::Fault;
use super::limits::DAYS_MAX;
use super::near::nearest;
use super::table::{Field, Kind, Table, did_you_mean, example, marked};
use super::words;
use crate::locale::{Spoken as _, message};

/// The keys of which a `due` has exactly one.
const SHAPES: [&str; 9] =
    ["by", "every", "window", "starting", "avoid", "ongoing", "awaiting", "done", "cron"];

static DUE: Kind = Kind {
    name: "a due",
    keys: &[
        ("by", "by = 2021-06-30"),
        ("every", "every = \"quarter\""),
        ("window", "window = \"10-01..03-31\""),
        ("starting", "starting = 2021-07-01"),
        ("avoid", "avoid = \"07-01..09-30\""),
        ("ongoing", "ongoing = true"),
        ("awaiting", "awaiting = \"汛前: dates not set locally\""),
        ("done", "done = \"已完成\""),
        ("cron", "cron = \"0 0 9 1 3 *\""),
        ("on", "on = \"last\""),
        ("season", "season = \"05..09\""),
        ("due_after", "due_after = \"10d\""),
        ("from", "from = 2021-07-01"),
        ("until", "until = 2021-12-31"),
    ],
    elsewhere: &[],
};

static COLLECT: Kind = Kind {
    name: "a collection",
    keys: &[
        ("every", "every = \"month\""),
        ("on", "on = 25"),
        ("season", "season = \"05..09\""),
        ("from", "from = 2022-04-01"),
        ("until", "until = 2022-03-31"),
        ("reply_by", "reply_by = \"last\""),
    ],
    elsewhere: &[],
};

static RANGE: Kind = Kind {
    name: "a range of days",
    keys: &[("from", "from = 2021-10-01"), ("until", "until = 2022-03-31")],
    elsewhere: &[],
};

/// What `due` says.
pub(super) fn due(field: &Field<'_>) -> Option<Due> {
    let table = field.table(&DUE)?;
    let mut shapes = table.fields().filter(|field| SHAPES.contains(&field.key));
    let Some(shape) = shapes.next() else {
        if !table.has_unknown {
            field.page.tell(field.fault(message("plan-no-shape").put("shapes", marked(SHAPES))));
        }
        return None;
    };
    let others: Vec<&Field<'_>> = shapes.collect();
    if let Some(other) = others.first() {
        let two = message("plan-two-shapes").with("one", shape.key).with("other", other.key);
        let fault = others.iter().fold(Fault::at(shape.key_span.clone(), two), |fault, other| {
            fault.also(other.key_span.clone(), message("plan-another-shape"))
        });
        return field.refuse(fault);
    }
    let fitting = belongs(&table, shape);
    let due = match shape.key {
        "by" => shape.date().map(Due::By),
        "starting" => shape.date().map(Due::Starting),
        "every" => recurrence(&table, shape).map(Due::Every),
        "window" => window(&table, shape).map(|window| match window {
            Window::Dated(days) => Due::Window(days),
            Window::Yearly(yearly) => Due::YearlyWindow(yearly),
        }),
        "avoid" => window(&table, shape).map(|window| match window {
            Window::Dated(days) => Due::Avoid(days),
            Window::Yearly(yearly) => Due::YearlyAvoid(yearly),
        }),
        "ongoing" => ongoing(shape),
        "awaiting" => words::line(shape).map(Due::Awaiting),
        "done" => words::line(shape).map(Due::Done),
        _ => cron(&table, shape).map(Due::Cron),
    };
    due.filter(|_| fitting && !table.has_unknown)
}

/// Whether every other key goes with the shape; told where one does not.
fn belongs(table: &Table<'_>, shape: &Field<'_>) -> bool {
    let bounds = ["from", "until"];
    let all = ["on", "season", "due_after", "from", "until"];
    let takes: &[&str] = match shape.key {
        "every" => &all,
        "cron" => &bounds,
        "window" | "avoid" if shape.is_text() => &bounds,
        _ => &[],
    };
    let mut fitting = true;
    for field in table.fields().filter(|field| field.key != shape.key && !takes.contains(&field.key)) {
        fitting = false;
        let not_with = message("plan-not-with").with("key", field.key).with("shape", shape.key);
        let help = match (shape.key, field.key) {
            ("window" | "avoid", "from" | "until") => message("plan-bounds-of-dated"),
            (_, "from" | "until") => message("plan-bounds"),
            _ => message("plan-belongs-to-every").with("key", field.key),
        };
        let fault = Fault::at(field.key_span.clone(), not_with);
        table.page.tell(fault.also(shape.key_span.clone(), message("plan-the-shape")).help(help));
    }
    fitting
}

enum Window {
    Dated(Days),
    Yearly(Yearly),
}

/// A dated window in braces, or a yearly one in quotes.
fn window(table: &Table<'_>, field: &Field<'_>) -> Option<Window> {
    if !field.is_text() {
        return days(field).map(Window::Dated);
    }
    let window: YearlyWindow = field.parsed()?;
    let (from, until) = bounds(table)?;
    if let (Some(from), Some(until)) = (from, until) {
        let first = crate::calendar::yearly_spans(&window, Some(from), Some(until), from).next();
        if first.is_none() {
            let never = message("plan-window-never").with("window", &window).with("from", &from);
            return field.refuse(field.fault(never.with("until", &until)));
        }
    }
    Some(Window::Yearly(Yearly { window, from, until }))
}

/// `{ from, until }`, both days included.
pub(super) fn days(field: &Field<'_>) -> Option<Days> {
    let table = field.table(&RANGE)?;
    let (from, until) = (table.need("from"), table.need("until"));
    let (from, until) = (from?, until?);
    let (first, last) = (from.date(), until.date());
    in_order((&from, first?), (&until, last?))?;
    (!table.has_unknown).then_some(Days { from: first?, until: last? })
}

/// Both bounds of a recurring shape; `None` if one is wrong.
fn bounds(table: &Table<'_>) -> Option<(Option<NaiveDate>, Option<NaiveDate>)> {
    let (first, last) = (table.optional("from", Field::date), table.optional("until", Field::date));
    let (first, last) = (first.ok()?, last.ok()?);
    if let (Some(from), Some(until), Some(first), Some(last)) =
        (table.get("from"), table.get("until"), first, last)
    {
        in_order((&from, first), (&until, last))?;
    }
    Some((first, last))
}

fn in_order(from: (&Field<'_>, NaiveDate), until: (&Field<'_>, NaiveDate)) -> Option<()> {
    if from.1 <= until.1 {
        return Some(());
    }
    let turned = message("plan-turned").with("until", &until.1).with("from", &from.1);
    until.0.refuse(until.0.fault(turned).also(from.0.span(), message("plan-begins-here")))
}

fn ongoing(field: &Field<'_>) -> Option<Due> {
    if field.flag()? {
        return Some(Due::Ongoing);
    }
    field.refuse(field.fault(message("plan-ongoing-false")))
}

fn cron(table: &Table<'_>, field: &Field<'_>) -> Option<CronDue> {
    let cron: Option<CronSchedule> = field.parsed();
    let (from, until) = bounds(table)?;
    let cron = cron?;
    if let Some(until) = until {
        let start = from.or_else(|| NaiveDate::from_ymd_opt(1970, 1, 1))?;
        if cron.days(start).next().is_none_or(|first| first > until) {
            let never = message("plan-cron-never").with("cron", &cron).with("until", &until);
            return field.refuse(field.fault(never));
        }
    }
    Some(CronDue { cron, from, until })
}

/// A cadence with all its keys, followed to a first date.
fn recurrence(table: &Table<'_>, field: &Field<'_>) -> Option<Recurrence> {
    let every = cadence(field);
    let on = every.map(|every| table.optional("on", |field| on(field, every)));
    let season = table.optional("season", Field::parsed::<YearlyWindow>);
    let due_after = table.optional("due_after", due_after);
    let (from, until) = bounds(table)?;
    let recurrence = Recurrence {
        every: every?,
        on: on?.ok()?,
        season: season.ok()?,
        due_after_days: due_after.ok()?,
        from,
        until,
    };
    let Err(error) = recurrence.check() else {
        return Some(recurrence);
    };
    let (key, help) = match &error {
        RecurrenceError::On(_) => ("on", message("plan-fit-on")),
        RecurrenceError::Reversed { .. } | RecurrenceError::EndsTooSoon { .. } => {
            ("until", message("plan-move-until"))
        }
        RecurrenceError::NeverInSeason { .. } => ("season", message("plan-move-season")),
        RecurrenceError::BeyondCalendar { .. } => ("from", message("plan-move-from")),
    };
    let place = table.get(key).map_or_else(|| field.span(), |field| field.span());
    field.refuse(Fault::at(place, error.spoken()).label(message("plan-because")).help(help))
}

fn cadence(field: &Field<'_>) -> Option<Cadence> {
    let text = field.text()?;
    text.parse().map_or_else(
        |error: crate::calendar::UnknownCadence| {
            let near = nearest(text, Cadence::ALL.into_iter().map(Cadence::as_str));
            let fault = field.fault(error.spoken()).label(message("plan-unknown-cadence"));
            field.refuse(fault.maybe_help(near.map(did_you_mean)))
        },
        Some,
    )
}

fn on(field: &Field<'_>, every: Cadence) -> Option<On> {
    let text = field.number_or_text()?;
    On::parse(every, text).map_or_else(
        |error| {
            let right = |value: &str| example(&format!("{} = {value}", field.key));
            let help = match every {
                Cadence::Day | Cadence::Workday => message("plan-leave-out").with("key", field.key),
                Cadence::Week => right("\"fri\""),
                Cadence::TenDays => message("plan-leave-out-of-ten-days").with("key", field.key),
                Cadence::Month => right("25"),
                Cadence::Quarter => right("\"2-15\""),
                Cadence::HalfYear => right("\"6-25\""),
                Cadence::Year => right("\"03-01\""),
            };
            let label = message("plan-no-day-of").with("every", &every);
            field.refuse(field.fault(error.spoken().with("key", field.key)).label(label).help(help))
        },
        Some,
    )
}

fn due_after(field: &Field<'_>) -> Option<u16> {
    let text = field.text()?;
    let days = text
        .strip_suffix('d')
        .and_then(|days| days.parse().ok())
        .filter(|days| (1..=DAYS_MAX).contains(days));
    days.or_else(|| {
        field.refuse(field.fault(message("plan-no-days").with("text", text).with("most", &DAYS_MAX)))
    })
}

/// What `collect` says (月调度).
pub(super) fn collect(field: &Field<'_>) -> Option<Collect> {
    let table = field.table(&COLLECT)?;
    let every = table.need("every");
    let reply = table.need("reply_by");
    let asked = every.as_ref().and_then(|every| recurrence(&table, every));
    let reply_by = match (&reply, asked.as_ref()) {
        (Some(reply), Some(asked)) => on(reply, asked.every),
        _ => None,
    };
    let collect = Collect { asked: asked?, reply_by: reply_by? };
    if let Some(reply) = reply.filter(|_| asked_after_reply(&collect)) {
        let asked = table.get("on").map_or_else(|| table.span.clone(), |on| on.span());
        let fault = reply.fault(message("plan-reply-before-asked"));
        return field.refuse(fault.also(asked, message("plan-asked-on")));
    }
    (!table.has_unknown).then_some(collect)
}

/// Whether in some period the reply-by day comes before the day of asking.
fn asked_after_reply(collect: &Collect) -> bool {
    const SAMPLE_YEARS: std::ops::Range<i32> = 2021..2025;
    let days = SAMPLE_YEARS
        .filter_map(|year| NaiveDate::from_ymd_opt(year, 1, 1))
        .flat_map(|first| first.iter_days().take(366));
    days.map(|day| collect.asked.every.period(day)).any(|period: Period| {
        let asked = collect.asked.on.unwrap_or(On::Last).day_of(period).or_else(|| period.last());
        asked.zip(collect.reply_by.day_of(period)).is_some_and(|(asked, reply)| reply < asked)
    })
}
