//! `unit add` and `unit import`.

use serde_json::json;

use super::args::{Format, UnitAddArgs, UnitImportArgs};
use super::dialogue::Dialogue;
use super::failure::{Failure, Outcome};
use super::import::sheet;
use super::print::{Column, Ink};
use super::speech::Speech;
use super::{Context, unit};
use crate::domain::{Unit, UnitId, UnitKind};
use crate::import::{self, Flaw, FlawedRow, Names, UnitList, UnitRow};
use crate::locale::{Message, Value, message, texts};
use crate::office::new_units::{Add, Details, ImportUnits, UnitsImported, new_unit};

/// `unit add`
pub fn add(context: &Context, args: UnitAddArgs) -> anyhow::Result<Outcome> {
    let UnitAddArgs { name, mut details, asking } = args;
    let dialogue = Dialogue::with(context, asking, message("unit-add-left"));
    let (Some(mut dialogue), false) = (dialogue, is_whole(name.as_ref(), &details)) else {
        let Some(name) = name else {
            return Err(Failure::fault(message("unit-add-no-name")).cure(message("cure-unit-add")).into());
        };
        return context.tell(Add { name, details });
    };
    let units = unit::all(context)?;
    let name = match name {
        Some(name) => name,
        None => asked_name(&mut dialogue, &units)?,
    };
    let proposed = new_unit(&units, &name, &details).map_err(|refused| context.refused(refused))?;
    ask_names(&mut dialogue, &units, &proposed, &mut details)?;
    ask_rest(&mut dialogue, context.speech(), &units, &proposed, &mut details)?;
    let unit = new_unit(&units, &name, &details).map_err(|refused| context.refused(refused))?;
    dialogue.tell(&shown(&unit));
    if !dialogue.confirm(&message("ask-unit-add"), true)? {
        return Err(Failure::refused(message("unit-add-left")).into());
    }
    context.tell(Add { name, details })
}

/// Whether there is nothing left to ask for.
fn is_whole(name: Option<&String>, details: &Details) -> bool {
    let Details { id, short, aliases, kind, mailbox, member_of, contact, phone } = details;
    let given = [
        name.is_some(),
        id.is_some(),
        short.is_some(),
        !aliases.is_empty(),
        kind.is_some(),
        mailbox.is_some(),
        contact.is_some(),
        phone.is_some(),
    ];
    let _ = member_of;
    given.into_iter().all(|given| given)
}

/// A name that no unit has yet.
pub fn asked_name(dialogue: &mut Dialogue<'_>, units: &[Unit]) -> anyhow::Result<String> {
    let names = Names::of(units, &[]);
    dialogue.ask(&message("ask-unit-name"), "", |answer| match names.known(answer) {
        _ if answer.is_empty() => Err(message("ask-unit-name-empty")),
        Some(known) => Err(message("unit-known").with("name", answer).with("unit", &known)),
        None => Ok(answer.to_owned()),
    })
}

fn ask_names(
    dialogue: &mut Dialogue<'_>,
    units: &[Unit],
    proposed: &Unit,
    details: &mut Details,
) -> anyhow::Result<()> {
    let names = Names::of(units, &[]);
    let free = |name: &str| match names.known(name) {
        Some(unit) => Err(message("unit-known").with("name", name).with("unit", &unit)),
        None => Ok(name.to_owned()),
    };
    if details.short.is_none() {
        let short = dialogue.ask(&message("ask-unit-short"), &proposed.short, free)?;
        details.short = Some(short).filter(|short| *short != proposed.short);
    }
    if details.aliases.is_empty() {
        details.aliases = dialogue.ask(&message("ask-unit-aliases"), "", |answer| {
            import::names_in(answer).iter().map(|name| free(name)).collect()
        })?;
    }
    if details.id.is_none() {
        let id = dialogue.ask(&message("ask-unit-id"), proposed.id.as_str(), |answer| {
            let id = UnitId::parse(answer).map_err(|_| message("usage-like-ID"))?;
            let is_taken = units.iter().any(|unit| unit.id == id);
            if is_taken { Err(message("refusal-unit-exists").with("unit", &id)) } else { Ok(id) }
        })?;
        details.id = Some(id);
    }
    Ok(())
}

fn ask_rest(
    dialogue: &mut Dialogue<'_>,
    speech: Speech,
    units: &[Unit],
    proposed: &Unit,
    details: &mut Details,
) -> anyhow::Result<()> {
    if details.kind.is_none() {
        let kind = speech.kind(unit::kind(proposed.kind));
        let kind = dialogue.ask(&message("ask-unit-kind"), &kind, |answer| {
            let own = |kind: &UnitKind| speech.kind(unit::kind(*kind)) == answer;
            let kind = import::unit_kind(answer).or_else(|| unit::KINDS.into_iter().find(own));
            kind.ok_or_else(|| message("unit-right-kind"))
        })?;
        details.kind = Some(kind.into());
    }
    if details.mailbox.is_none() {
        details.mailbox = asked_mailbox(dialogue)?;
    }
    if details.contact.is_none() {
        details.contact = dialogue.ask(&message("ask-unit-contact"), "", optional)?;
    }
    if details.phone.is_none() {
        details.phone =
            dialogue.ask(&message("ask-unit-phone"), "", |answer| match import::phone(answer) {
                _ if answer.is_empty() => Ok(None),
                Some(phone) => Ok(Some(phone)),
                None => Err(message("unit-right-phone")),
            })?;
    }
    if details.member_of.is_empty() && proposed.kind != UnitKind::Collective {
        let names = Names::of(units, &[]);
        let all = || units.iter().filter(|unit| unit.kind == UnitKind::Collective);
        let listed = Value::All(texts(all().map(|unit| &unit.short)));
        let question = message("ask-unit-member-of");
        details.member_of = dialogue.ask(&question, "", |answer| {
            let named = import::names_in(answer).into_iter().map(|name| {
                let known = names.known(&name).filter(|id| all().any(|unit| unit.id == *id));
                let lacking = message("ask-unit-no-collective").with("name", &name);
                known.map(Into::into).ok_or_else(|| lacking.put("all", listed.clone()))
            });
            named.collect::<Result<Vec<_>, Message>>()
        })?;
    }
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "an answer that is always understood")]
fn optional(answer: &str) -> Result<Option<String>, Message> {
    Ok((!answer.is_empty()).then(|| answer.to_owned()))
}

/// A unit's mailbox; none where nothing is typed.
///
/// # Errors
/// Nobody answers any more.
pub fn asked_mailbox(dialogue: &mut Dialogue<'_>) -> anyhow::Result<Option<String>> {
    dialogue.ask(&message("ask-unit-mailbox"), "", |answer| match import::mailbox(answer) {
        _ if answer.is_empty() => Ok(None),
        Some(mailbox) => Ok(Some(mailbox)),
        None => Err(message("refusal-bad-mailbox").with("value", answer)),
    })
}

fn shown(unit: &Unit) -> Message {
    let also = Value::All(texts(unit.aliases.iter().chain([&unit.short]).filter(|name| **name != unit.name)));
    message("unit-add-shown")
        .with("name", &unit.name)
        .put("also", also)
        .with("unit", &unit.id)
        .put("kind", Value::Word(format!("kind-{}", unit::kind(unit.kind))))
        .put("mailbox", unit.mailbox.clone().map_or_else(|| Value::Word("none".to_owned()), Value::Text))
}

/// `unit import`
pub fn import(context: &Context, args: UnitImportArgs) -> anyhow::Result<Outcome> {
    let file = sheet(&args.file)?;
    let name = file.name.clone();
    let came = context.ask(ImportUnits { sheet: args.sheet, yes: args.yes, file })?;
    match args.format.format {
        Format::Json => context.printer.json(&json!({
            "file": name, "sheet": came.list.sheet, "columns": came.list.columns, "unread": came.list.unread,
            "added": came.list.added, "changed": came.list.changed, "same": came.list.same,
            "passed": came.list.passed, "flaws": came.list.flaws, "recorded": came.recorded,
        }))?,
        Format::Table => context.printer.text(&listed(context, &name, &came, args.yes))?,
    }
    Ok(if came.list.flaws.is_empty() { Outcome::Done } else { Outcome::Findings })
}

fn listed(context: &Context, file: &str, came: &UnitsImported, yes: bool) -> String {
    let UnitsImported { list, recorded } = came;
    let (printer, speech) = (&context.printer, context.speech());
    let columns = [
        Column::number("row"),
        Column::whole("deed"),
        Column::whole("unit"),
        Column::wrapping("name", 12),
        Column::wrapping("also", 12),
        Column::whole("kind"),
        Column::whole("address"),
        Column::whole("contact"),
    ];
    let row = |what: &str, row: &UnitRow| -> Vec<String> {
        let unit = &row.unit;
        let contact = row.contact.as_ref();
        let contact = contact.map(|person| format!("{} {}", person.name, person.phone)).unwrap_or_default();
        let also: Vec<&str> =
            unit.spellings().map(String::as_str).filter(|name| *name != unit.name).collect();
        vec![
            row.row.to_string(),
            speech.word(what),
            unit.id.to_string(),
            unit.name.clone(),
            also.join("、"),
            speech.kind(unit::kind(unit.kind)),
            unit.mailbox.clone().unwrap_or_else(|| speech.word("none")),
            contact.trim().to_owned(),
        ]
    };
    let rows = list.added.iter().map(|unit| row("unit-new", unit));
    let mut rows: Vec<Vec<String>> =
        rows.chain(list.changed.iter().map(|unit| row("unit-changed", unit))).collect();
    rows.sort_by_key(|row| row.first().and_then(|number| number.parse::<u32>().ok()));
    let mut text = printer.table(&columns, &rows);
    text.push_str(&aside(context, list));
    if !list.flaws.is_empty() {
        let columns = [
            Column::number("row"),
            Column::wrapping("column", 8),
            Column::wrapping("text", 12),
            Column::wrapping("right-would-be", 24),
        ];
        let rows: Vec<Vec<String>> = list.flaws.iter().map(|flaw| flawed(speech, flaw)).collect();
        let head = speech.told(&message("unit-import-flaws").with("sheet", &list.sheet));
        let table = printer.table(&columns, &rows);
        text.extend(["\n".to_owned(), printer.ink(Ink::Bad, &head), "\n".to_owned(), table]);
    }
    let ended = match recorded {
        Some(position) => message("unit-import-done").with("position", position),
        None if !list.flaws.is_empty() => message("unit-import-nothing"),
        None if list.added.is_empty() && list.changed.is_empty() => message("unit-import-same"),
        None if yes => message("unit-import-nothing"),
        None => message("unit-import-trial"),
    };
    let sum = message("unit-import-sum").with("file", file).with("sheet", &list.sheet);
    let sum = sum
        .put("added", Value::Count(list.added.len()))
        .put("changed", Value::Count(list.changed.len()))
        .put("same", Value::Count(list.same.len()));
    text + &format!("\n{}\n{}\n", speech.told(&sum), speech.told(&ended))
}

/// Columns and rows that are not read.
fn aside(context: &Context, list: &UnitList) -> String {
    let (printer, speech) = (&context.printer, context.speech());
    let mut text = String::new();
    let unread: Vec<String> =
        list.unread.iter().map(|column| format!("{} {}", column.column, column.header)).collect();
    if !unread.is_empty() {
        let label = speech.told(&message("unit-import-unread"));
        text.push_str(&printer.hanging(&label, &unread.join(" · ")));
    }
    let passed: Vec<String> = list
        .passed
        .iter()
        .map(|row| format!("{} {}（{}）", row.row, row.text, speech.word(&row.why)))
        .collect();
    if !passed.is_empty() {
        let label = speech.told(&message("unit-import-passed"));
        text.push_str(&printer.hanging(&label, &passed.join(" · ")));
    }
    text
}

fn flawed(speech: Speech, row: &FlawedRow) -> Vec<String> {
    let what = match &row.flaw {
        Flaw::Secret(mark) => message("unit-flaw-secret").with("mark", mark),
        Flaw::Unsound => message("unit-flaw-unsound"),
        Flaw::NoName => message("unit-flaw-no-name"),
        Flaw::NoId => message("unit-flaw-no-id"),
        Flaw::Mailbox => message("unit-flaw-mailbox"),
        Flaw::Id => message("usage-like-ID"),
        Flaw::IdTaken(id) => message("refusal-unit-exists").with("unit", id),
        Flaw::OtherId(id) => message("unit-flaw-other-id").with("unit", id),
        Flaw::Kind => message("unit-right-kind"),
        Flaw::Twice(row) => message("unit-flaw-twice").with("row", row),
        Flaw::NameOf(id) => message("unit-flaw-name-of").with("unit", id),
        Flaw::Phone => message("unit-right-phone"),
        Flaw::NoCollective => message("unit-flaw-no-collective"),
    };
    let place = format!("{} {}", row.column, row.header);
    vec![row.row.to_string(), place.trim().to_owned(), row.text.clone(), speech.told(&what)]
}
