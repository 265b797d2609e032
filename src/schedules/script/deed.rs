//! One act of a script: who, when, what. Each deed has keys of its own.

use chrono::{NaiveDate, NaiveTime};

use super::super::diagnostic::Fault;
use super::super::table::{Field, Kind, Table, Told, example, marked};
use super::{Act, Does, Material, Named, Said, USUAL_TIME, WAYS, World, line, matters};
use crate::calendar::Period;
use crate::domain::command::{Command, NewMatter, Target};
use crate::domain::matter::{Matter, MatterClass, MatterDays};
use crate::domain::{ItemAnswer, TaskSlug, UnitId, Via};
use crate::locale::{Value, message};

pub(super) static ACT: Kind = Kind {
    name: "an act",
    keys: &[
        ("on", "on = 2021-06-28"),
        ("at", "at = \"15:00\""),
        ("who", "who = \"eco-env\""),
        ("via", "via = \"link\""),
        ("does", "does = \"done\""),
        ("task", "task = \"yangcheng-2021-air/dry-cleaners/once\""),
        ("unit", "unit = \"housing\""),
        ("expect", "expect = \"refused\""),
        ("said_on", "said_on = 2021-06-30"),
        ("done_on", "done_on = 2021-06-25"),
        ("text", "text = \"已完成治理\""),
        ("problem", "problem = \"资金未到位\""),
        ("next_steps", "next_steps = \"7月中旬开工\""),
        ("reason", "reason = \"材料不全\""),
        ("new_deadline", "new_deadline = 2021-07-31"),
        ("evidence", "evidence = [\"现场照片.jpg\"]"),
        ("obtained_on", "obtained_on = 2021-06-25"),
        ("approver", "approver = \"县政府分管领导\""),
        ("document", "document = \"阳政办函〔2021〕9号\""),
        ("id", "id = \"west-river\""),
        ("title", "title = \"西河排污口整治\""),
        ("source", "source = \"县长批示\""),
        ("number", "number = \"13710-2021-0042\""),
        ("class", "class = \"ordinary\""),
        ("days", "days = \"calendar\""),
        ("lead", "lead = [\"housing\"]"),
        ("cooperate", "cooperate = [\"water\"]"),
        ("month", "month = \"2021-06\""),
    ],
    elsewhere: &[],
};

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Receipt,
    Unchanged,
    Progress,
    Done,
    Extension,
    Dispute,
    Evidence,
    Accept,
    Return,
    Grant,
    Refuse,
    Settle,
    Chase,
    Pause,
    Resume,
    Reopen,
    CloseOut,
    Assign,
    Bulletin,
    Ledger,
}

const DEEDS: [(&str, Deed); 20] = [
    ("receipt", Deed::Receipt),
    ("unchanged", Deed::Unchanged),
    ("progress", Deed::Progress),
    ("done", Deed::Done),
    ("extension", Deed::Extension),
    ("dispute", Deed::Dispute),
    ("evidence", Deed::Evidence),
    ("accept", Deed::Accept),
    ("return", Deed::Return),
    ("grant", Deed::Grant),
    ("refuse", Deed::Refuse),
    ("settle", Deed::Settle),
    ("chase", Deed::Chase),
    ("pause", Deed::Pause),
    ("resume", Deed::Resume),
    ("reopen", Deed::Reopen),
    ("close-out", Deed::CloseOut),
    ("assign", Deed::Assign),
    ("bulletin", Deed::Bulletin),
    ("ledger", Deed::Ledger),
];

const CLASSES: [(&str, MatterClass); 2] =
    [("ordinary", MatterClass::Ordinary), ("complex", MatterClass::Complex)];
const COUNTS: [(&str, MatterDays); 2] =
    [("calendar", MatterDays::Calendar), ("working", MatterDays::Working)];
const EXPECTED: [(&str, bool); 2] = [("refused", true), ("taken", false)];

/// Keys that every act may have.
const COMMON: [&str; 6] = ["on", "at", "who", "via", "does", "expect"];

/// Who acts.
enum Who {
    Office,
    Unit(UnitId),
}

impl Deed {
    fn is_units(self) -> bool {
        matches!(
            self,
            Self::Receipt
                | Self::Unchanged
                | Self::Progress
                | Self::Done
                | Self::Extension
                | Self::Dispute
                | Self::Evidence
        )
    }

    fn is_about_matters(self) -> bool {
        !matches!(self, Self::Assign | Self::Bulletin | Self::Ledger)
    }

    /// Keys beside the common ones, and `task`.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Receipt | Self::Unchanged | Self::Evidence => &["said_on", "evidence", "obtained_on"],
            Self::Progress => &["said_on", "evidence", "obtained_on", "text", "problem", "next_steps"],
            Self::Done => &["said_on", "evidence", "obtained_on", "text", "done_on"],
            Self::Extension => &["said_on", "evidence", "obtained_on", "reason", "text", "new_deadline"],
            Self::Dispute => &["said_on", "evidence", "obtained_on", "text"],
            Self::Accept => &["unit", "done_on", "text"],
            Self::Return | Self::Reopen => &["unit", "reason", "new_deadline"],
            Self::Grant => &["unit", "new_deadline", "approver", "document"],
            Self::Refuse | Self::Pause => &["unit", "reason"],
            Self::Settle | Self::Chase | Self::CloseOut => &["unit", "text"],
            Self::Resume => &["unit"],
            Self::Bulletin => &["month"],
            Self::Ledger => &[],
            Self::Assign => &[
                "id",
                "title",
                "text",
                "source",
                "number",
                "class",
                "days",
                "lead",
                "cooperate",
                "new_deadline",
            ],
        }
    }
}

/// One act; none where something is wrong with it.
pub(super) fn act(table: &Table<'_>, world: &World<'_>) -> Option<Act> {
    let on = table.need("on").and_then(|field| field.date());
    let at = table.optional("at", time).ok()?.unwrap_or(USUAL_TIME);
    let who = table.need("who").and_then(|field| who(&field, world));
    let does = table.need("does");
    let deed = does.as_ref().and_then(|field| field.word(&DEEDS));
    let via = table.optional("via", |field| field.word(&WAYS)).ok()?;
    let refused = table.optional("expect", |field| field.word(&EXPECTED)).ok()?.unwrap_or(false);
    let (on, who, does, deed) = (on?, who?, does?, deed?);
    let word = DEEDS.iter().find(|(_, known)| *known == deed).map_or("", |(word, _)| word);
    let strangers = table
        .fields()
        .filter(|field| !COMMON.contains(&field.key) && !deed.keys().contains(&field.key))
        .filter(|field| field.key != "task" || !deed.is_about_matters())
        .map(|field| {
            let own = deed.is_about_matters().then_some("task");
            let own: Vec<&str> = own.iter().chain(deed.keys()).copied().collect();
            let none = own.is_empty().then(|| Value::Word("no key of its own".to_owned()));
            let stranger = message("plan-key-not-of-act").with("key", field.key).with("act", word);
            let stranger = stranger.put("keys", none.unwrap_or_else(|| marked(own)));
            field.page.tell(Fault::at(field.key_span.clone(), stranger));
        })
        .count();
    if strangers > 0 {
        return None;
    }
    let is_office = matches!(who, Who::Office);
    if deed.is_units() == is_office {
        let by = Value::Word(if is_office { "a unit" } else { "the office" }.to_owned());
        return does.refuse(does.fault(message("plan-done-by").with("act", word).put("by", by)));
    }
    let does = match who {
        Who::Office if deed == Deed::Bulletin => {
            Does::Bulletin(table.need("month").and_then(|field| month(&field))?)
        }
        Who::Office if deed == Deed::Ledger => Does::Ledger,
        Who::Office => Does::Office(office(table, world, deed, on)?),
        Who::Unit(unit) => Does::Unit(said(table, world, deed, unit, on)?),
    };
    let via = via.unwrap_or(if is_office { Via::Cli } else { Via::Link });
    Some(Act { line: line(table), on, at, via, word, does, refused })
}

fn time(field: &Field<'_>) -> Option<NaiveTime> {
    let text = field.text()?;
    NaiveTime::parse_from_str(text, "%H:%M").ok().or_else(|| {
        let fault = field.fault(message("plan-no-time").with("text", text));
        field.refuse(fault.help(example("at = \"15:00\"")))
    })
}

fn month(field: &Field<'_>) -> Option<Period> {
    let period: Period = field.parsed()?;
    if matches!(period, Period::Month { .. }) {
        return Some(period);
    }
    field.refuse(field.fault(message("plan-no-month").with("period", &period)))
}

fn who(field: &Field<'_>, world: &World<'_>) -> Option<Who> {
    if field.text()? == "office" {
        return Some(Who::Office);
    }
    world.units.unit(field).map(Who::Unit)
}

/// A text as it is written, empty where it is written so: that may be what is played.
fn text(table: &Table<'_>, key: &str) -> Result<Option<String>, Told> {
    table.optional(key, |field| field.text().map(ToOwned::to_owned))
}

fn or(table: &Table<'_>, key: &str, usual: &str) -> Option<String> {
    Some(text(table, key).ok()?.unwrap_or_else(|| usual.to_owned()))
}

fn date(table: &Table<'_>, key: &str) -> Result<Option<NaiveDate>, Told> {
    table.optional(key, Field::date)
}

fn named(table: &Table<'_>, world: &World<'_>) -> Option<Vec<Named>> {
    table.need("task").and_then(|field| matters(&field, world))
}

fn said(table: &Table<'_>, world: &World<'_>, deed: Deed, unit: UnitId, on: NaiveDate) -> Option<Said> {
    let matters = named(table, world)?;
    let said_on = date(table, "said_on").ok()?;
    let obtained_on = date(table, "obtained_on").ok()?;
    let material = table.optional("evidence", |field| {
        field.list()?.iter().map(|item| item.text().map(ToOwned::to_owned)).collect::<Option<Vec<String>>>()
    });
    let material = material.ok()?.unwrap_or_default();
    let material = material.into_iter().map(|name| Material { name, obtained_on }).collect();
    let answer = match deed {
        Deed::Unchanged => ItemAnswer::Unchanged,
        Deed::Progress => ItemAnswer::Progress {
            text: or(table, "text", "正在推进")?,
            problem: text(table, "problem").ok()?,
            next_steps: text(table, "next_steps").ok()?,
        },
        Deed::Done => ItemAnswer::Done {
            done_on: date(table, "done_on").ok()?.or(said_on).unwrap_or(on),
            text: or(table, "text", "已按要求完成")?,
        },
        Deed::Extension => ItemAnswer::Extension {
            reason: or(table, "reason", "受客观条件影响，难以按期完成")?,
            progress: or(table, "text", "正在推进")?,
            new_deadline: table.need("new_deadline")?.date()?,
            approval: None,
        },
        Deed::Dispute => ItemAnswer::Dispute { text: or(table, "text", "该事项不属本单位职责")? },
        Deed::Evidence => ItemAnswer::Evidence,
        Deed::Receipt
        | Deed::Accept
        | Deed::Return
        | Deed::Grant
        | Deed::Refuse
        | Deed::Settle
        | Deed::Chase
        | Deed::Pause
        | Deed::Resume
        | Deed::Reopen
        | Deed::CloseOut
        | Deed::Assign
        | Deed::Bulletin
        | Deed::Ledger => ItemAnswer::Receipt,
    };
    Some(Said { unit, matters, answer, material, said_on })
}

/// The office's commands, one a matter.
fn office(table: &Table<'_>, world: &World<'_>, deed: Deed, on: NaiveDate) -> Option<Vec<Command>> {
    if deed == Deed::Assign {
        return Some(vec![assign(table, world, on)?]);
    }
    let unit = table.optional("unit", |field| world.units.unit(field)).ok()?;
    let matters = named(table, world)?;
    let commands = matters.into_iter().map(|named| {
        let target = Target { task: named.task, period: named.period, unit: unit.clone() };
        command(table, deed, target)
    });
    commands.collect()
}

fn command(table: &Table<'_>, deed: Deed, target: Target) -> Option<Command> {
    let reason = |usual| or(table, "reason", usual);
    let new_deadline = date(table, "new_deadline").ok()?;
    let approver = or(table, "approver", "县政府分管领导")?;
    let remark = text(table, "text").ok()?;
    Some(match deed {
        Deed::Accept => Command::Accept { target, done_on: date(table, "done_on").ok()?, remark },
        Deed::Return => {
            Command::Return { target, reason: reason("材料不全，请补充后重报")?, new_deadline }
        }
        Deed::Grant => Command::GrantExtension {
            target,
            new_deadline,
            approver,
            document_number: or(table, "document", "阳政办函〔2021〕9号")?,
        },
        Deed::Refuse => {
            Command::RefuseExtension { target, reason: reason("理由不充分，仍按原时限办理")? }
        }
        Deed::Settle => Command::SettleDispute {
            target,
            answer: remark.unwrap_or_else(|| "仍由你单位牵头".to_owned()),
        },
        Deed::Chase => Command::Chase { targets: vec![target], words: remark },
        Deed::Pause => Command::Pause { target, reason: reason("暂缓办理")? },
        Deed::Resume => Command::Resume { target },
        Deed::Reopen => Command::Reopen { target, reason: reason("回头看发现反弹")?, new_deadline },
        Deed::CloseOut => Command::CloseOut { target, remark },
        Deed::Receipt
        | Deed::Unchanged
        | Deed::Progress
        | Deed::Done
        | Deed::Extension
        | Deed::Dispute
        | Deed::Evidence
        | Deed::Assign
        | Deed::Bulletin
        | Deed::Ledger => return None,
    })
}

fn assign(table: &Table<'_>, world: &World<'_>, on: NaiveDate) -> Option<Command> {
    let units = |key| table.optional(key, |field| world.units.units(field));
    let matter = NewMatter {
        id: table.optional("id", Field::parsed::<TaskSlug>).ok()?,
        title: table.need("title")?.text()?.to_owned(),
        text: text(table, "text").ok()?,
        matter: Matter {
            source: or(table, "source", "县政府领导批示")?,
            platform_number: text(table, "number").ok()?,
            class: table
                .optional("class", |field| field.word(&CLASSES))
                .ok()?
                .unwrap_or(MatterClass::Ordinary),
            assigned_on: on,
            days: table.optional("days", |field| field.word(&COUNTS)).ok()?.unwrap_or_default(),
        },
        lead: table.need("lead").and_then(|field| world.units.units(&field))?,
        cooperate: units("cooperate").ok()?.unwrap_or_default(),
        until: date(table, "new_deadline").ok()?,
        standard: None,
    };
    Some(Command::AssignMatter { matter: Box::new(matter) })
}
