//! `plan new`: a plan of the office's own, asked for part by part.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike as _, NaiveDate, TimeDelta};

use super::args::{Answering, PlanNewArgs};
use super::dialogue::Dialogue;
use super::failure::{Failure, Outcome};
use super::words::Names as Shown;
use super::{Context, papers, preview, unit, words};
use crate::domain::{
    Answer, Citation, Days, Due, DueBasis, LeadBasis, Plan, PlanHead, Task, TaskSlug, Unit, UnitId, UnitKind,
};
use crate::import::{self, Names, Part};
use crate::locale::{Message, Value, message, texts};
use crate::office::new_units::{Add as AddUnit, Details};
use crate::office::plans::{Add, Begin, Begun, Foretell};
use crate::plain_file;
use crate::report::Row;
use crate::schedules::{self, Source, due_to_json};

/// Letters that are shown before a yes.
const LETTERS_SHOWN_MAX: usize = 12;
/// Dates of a task that are shown.
const DATES_SHOWN_MAX: usize = 5;
/// How far ahead they are looked for, in days.
const AHEAD_DAYS: i64 = 400;
/// Longest clause, in bytes.
const TEXT_BYTES_MAX: usize = 12 * 1024;
/// Longest draft, in bytes.
const DRAFT_BYTES_MAX: usize = 1024 * 1024;

/// `plan new`
pub fn new(context: &Context, args: &PlanNewArgs) -> anyhow::Result<Outcome> {
    let begun = context.ask(Begin {})?;
    let mut maker = Maker {
        context,
        units: unit::all(context)?,
        year: 0,
        today: begun.today,
        answer: args.answer,
        dry_run: args.dry_run,
    };
    let mut dialogue = Dialogue::with(context, args.asking, message("plan-new-nothing-typed"));
    let is_whole = args.title.is_some() && !args.tasks.is_empty();
    if let Some(dialogue) = dialogue.as_mut().filter(|_| !is_whole) {
        go_on(dialogue, &args.draft)?;
    }
    let plan = maker.plan(args, begun, dialogue.as_mut())?;
    let file = Source { name: format!("{}.toml", plan.head.id), text: schedules::to_toml(&plan) };
    let until = plan.head.in_force.until.min(maker.today + TimeDelta::days(AHEAD_DAYS)).max(maker.today);
    let rows = context.ask(Foretell { file: file.clone(), until })?;
    if args.dry_run {
        context.printer.text(&file.text)?;
        return Ok(Outcome::Done);
    }
    context.printer.text(&maker.shown(&plan, &rows))?;
    let agreed = match &mut dialogue {
        Some(dialogue) => dialogue.aside(|dialogue| dialogue.confirm(&message("ask-plan-add"), true))?,
        None => args.asking.yes,
    };
    if !agreed {
        let kept = args.draft.exists() && dialogue.is_some();
        let why = match (&dialogue, kept) {
            (Some(_), true) => message("plan-new-kept").with("draft", &args.draft.display()),
            (Some(_), false) => message("plan-new-left"),
            (None, _) => message("plan-new-trial"),
        };
        return Err(Failure::refused(why).into());
    }
    let done = context.tell(Add { file, documents: Vec::new() })?;
    if dialogue.is_some_and(|dialogue| !dialogue.given.is_empty()) {
        // It is the office's plan now.
        let _ = fs::remove_file(&args.draft);
    }
    Ok(done)
}

/// Keeps what is typed, and takes up what was typed before.
fn go_on(dialogue: &mut Dialogue<'_>, draft: &Path) -> anyhow::Result<()> {
    let kept: Option<String> =
        plain_file::read(draft, DRAFT_BYTES_MAX).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let before: Vec<String> = kept.iter().flat_map(|text| text.lines()).map(str::to_owned).collect();
    if !before.is_empty() {
        let question = message("ask-plan-go-on").with("draft", &draft.display());
        if dialogue.confirm(&question.put("count", Value::Count(before.len())), true)? {
            dialogue.repeat(before);
        }
        dialogue.given.clear();
    }
    let path: PathBuf = draft.to_owned();
    dialogue.keeping(message("plan-new-kept").with("draft", &draft.display()), move |given| {
        papers::write(&path, (given.join("\n") + "\n").as_bytes())
    });
    Ok(())
}

/// What a plan is made with.
struct Maker<'c> {
    context: &'c Context,
    units: Vec<Unit>,
    /// of dates that name none
    year: i32,
    today: NaiveDate,
    answer: Answering,
    dry_run: bool,
}

/// What is said of one task.
struct Said {
    text: String,
    lead: Vec<UnitId>,
    cooperate: Vec<UnitId>,
    when: import::When,
    answer: Answer,
}

/// Why an answer names no units.
enum Unclear {
    /// nobody knows the name; those that are like it
    Unknown { name: String, near: Vec<String> },
    /// 等
    AndOthers,
}

impl Unclear {
    /// With what would be right.
    fn told(&self) -> Message {
        match self {
            Self::AndOthers => message("ask-plan-others"),
            Self::Unknown { name, near } if near.is_empty() => message("ask-plan-unknown").with("name", name),
            Self::Unknown { name, near } => {
                message("ask-plan-near").with("name", name).put("near", Value::OneOf(texts(near)))
            }
        }
    }
}

impl Maker<'_> {
    fn plan(
        &mut self,
        args: &PlanNewArgs,
        begun: Begun,
        mut dialogue: Option<&mut Dialogue<'_>>,
    ) -> anyhow::Result<Plan> {
        let lacking = || Failure::fault(message("plan-new-no-title")).cure(message("cure-plan-new"));
        let title = match (&args.title, &mut dialogue) {
            (Some(title), _) => title.clone(),
            (None, Some(dialogue)) => dialogue.ask(&message("ask-plan-title"), "", |answer| {
                if answer.is_empty() { Err(message("ask-plan-title-empty")) } else { Ok(answer.to_owned()) }
            })?,
            (None, None) => return Err(lacking().into()),
        };
        let document = match (&args.document, &mut dialogue) {
            (None, Some(dialogue)) if args.title.is_none() => {
                dialogue.ask(&message("ask-plan-document"), "", |answer| {
                    Ok(Some(answer.to_owned()).filter(|answer| !answer.is_empty()))
                })?
            }
            (document, _) => document.clone(),
        };
        let issued_on = args.issued_on.unwrap_or(self.today);
        self.year = issued_on.year().max(self.today.year());
        let mut said = Vec::new();
        for task in &args.tasks {
            said.push(self.typed(task)?);
        }
        if let (Some(dialogue), true) = (dialogue, said.is_empty()) {
            while let Some(task) = self.task(dialogue, said.len() + 1)? {
                said.push(task);
            }
        }
        if said.is_empty() {
            return Err(lacking().into());
        }
        let year_end = NaiveDate::from_ymd_opt(self.year, 12, 31).unwrap_or(issued_on);
        let last = said.iter().filter_map(|task| task.when.due.one_off_deadline()).max();
        let until = args.until.unwrap_or_else(|| last.map_or(year_end, |last| last.max(year_end)));
        let head = PlanHead {
            id: args.id.clone().unwrap_or(begun.id),
            short: args.short.clone().unwrap_or_else(|| title.clone()),
            title,
            document_number: document,
            issued_on,
            in_force: Days { from: issued_on, until: until.max(issued_on) },
            collect: None,
            quiet: false,
        };
        let tasks = (1..).zip(said).map(|(number, said)| task_of(&head, number, said));
        Ok(Plan { tasks: tasks.collect::<anyhow::Result<_>>()?, head })
    }

    /// `开展安全检查|县应急管理局、西河乡|每季度末|县公安局`
    fn typed(&self, task: &str) -> anyhow::Result<Said> {
        let odd = |why: Message| Failure::fault(why).cure(message("cure-plan-new-task"));
        let parts: Vec<&str> = task.split(['|', '｜']).map(str::trim).collect();
        let (text, lead, when, cooperate) = match parts.as_slice() {
            [text, lead, when] => (text, lead, when, &""),
            [text, lead, when, cooperate] => (text, lead, when, cooperate),
            _ => return Err(odd(message("plan-new-task-odd").with("task", task)).into()),
        };
        if text.is_empty() {
            return Err(odd(message("plan-new-task-odd").with("task", task)).into());
        }
        let units = |text: &str, part| self.units_in(text, part).map_err(|unclear| odd(unclear.told()));
        let (lead, cooperate) = (units(lead, Part::Leads)?, units(cooperate, Part::Cooperates)?);
        if lead.is_empty() {
            return Err(odd(message("ask-plan-lead-empty")).into());
        }
        let answer = match self.answer {
            Answering::Each => Answer::Each,
            Answering::Lead => Answer::Lead,
        };
        let cooperate = cooperate.into_iter().filter(|unit| !lead.contains(unit)).collect();
        Ok(Said { text: (*text).to_owned(), lead, cooperate, when: self.when(when).map_err(odd)?, answer })
    }

    /// The next task; nothing where there are no more.
    fn task(&mut self, dialogue: &mut Dialogue<'_>, number: usize) -> anyhow::Result<Option<Said>> {
        let question = message("ask-plan-task").with("number", &number);
        let text = dialogue.ask(&question, "", |answer| match answer.len() {
            0 if number == 1 => Err(message("ask-plan-task-empty")),
            bytes if bytes > TEXT_BYTES_MAX => {
                Err(message("ask-plan-task-long").with("max", &TEXT_BYTES_MAX))
            }
            _ => Ok(answer.to_owned()),
        })?;
        if text.is_empty() {
            return Ok(None);
        }
        let lead = self.ask_units(dialogue, &message("ask-plan-lead"), Part::Leads)?;
        let cooperate = self.ask_units(dialogue, &message("ask-plan-cooperate"), Part::Cooperates)?;
        let cooperate: Vec<UnitId> = cooperate.into_iter().filter(|unit| !lead.contains(unit)).collect();
        let when = dialogue.ask(&message("ask-plan-when"), "", |answer| self.when(answer))?;
        let read = words::due(self.context.speech(), &due_to_json(&when.due));
        dialogue.tell(&message("ask-plan-read").with("due", &read));
        let collective = |unit: &Unit| unit.kind == UnitKind::Collective && lead.contains(&unit.id);
        let answer = if lead.len() > 1 || self.units.iter().any(collective) {
            let [each, first] = ["ask-plan-each-each", "ask-plan-each-first"]
                .map(|word| self.context.speech().told(&message(word)));
            dialogue.ask(&message("ask-plan-each"), &each, |answer| match answer {
                answer if answer == each => Ok(Answer::Each),
                answer if answer == first => Ok(Answer::Lead),
                _ => Err(message("ask-plan-each-wrong")),
            })?
        } else {
            Answer::Lead
        };
        Ok(Some(Said { text, lead, cooperate, when, answer }))
    }

    /// Units by any of their names; one that nobody knows may be added on the way.
    fn ask_units(
        &mut self,
        dialogue: &mut Dialogue<'_>,
        question: &Message,
        part: Part,
    ) -> anyhow::Result<Vec<UnitId>> {
        let may_add = !self.dry_run;
        loop {
            let read = |answer: &str| match self.units_in(answer, part) {
                Ok(units) if units.is_empty() && part == Part::Leads => Err(message("ask-plan-lead-empty")),
                Ok(units) => Ok(Ok(units)),
                // It is perhaps a new one.
                Err(Unclear::Unknown { name, near }) if may_add => Ok(Err((name, near))),
                Err(unclear) => Err(unclear.told()),
            };
            let (new, near) = match dialogue.try_ask(question, "", read, Result::is_ok)? {
                Ok(units) => return Ok(units),
                Err(unknown) => unknown,
            };
            let asked = message("ask-plan-add-unit").with("name", &new);
            let added = dialogue.aside(|dialogue| -> anyhow::Result<bool> {
                let is_like_none = near.is_empty();
                if !is_like_none {
                    dialogue.tell(&Unclear::Unknown { name: new.clone(), near }.told());
                }
                if !dialogue.confirm(&asked, is_like_none)? {
                    return Ok(false);
                }
                let mailbox = super::unit_add::asked_mailbox(dialogue)?;
                let details = Details { mailbox, ..Details::default() };
                let done = self.context.ask(AddUnit { name: new.clone(), details })?;
                for deed in &done.deeds {
                    let told = message("deed").with("words", &deed.words).with("position", &deed.position);
                    dialogue.tell(&told);
                }
                Ok(true)
            })?;
            if added {
                self.units = unit::all(self.context)?;
            }
        }
    }

    /// The units of an answer.
    fn units_in(&self, text: &str, part: Part) -> Result<Vec<UnitId>, Unclear> {
        let names = Names::of(&self.units, &[]);
        let read = import::units(text, part, &names);
        if let Some(name) = read.unknown.first() {
            let near = names.near(name).into_iter().map(|(name, _)| name).collect();
            return Err(Unclear::Unknown { name: name.clone(), near });
        }
        if read.and_others {
            return Err(Unclear::AndOthers);
        }
        Ok(read.leads.into_iter().chain(read.cooperates).collect())
    }

    fn when(&self, text: &str) -> Result<import::When, Message> {
        let wrong = || message("ask-plan-when-wrong").with("text", text);
        let when = import::when(text, self.year).ok_or_else(wrong)?;
        if matches!(when.due, Due::Done(_)) {
            return Err(message("ask-plan-when-done"));
        }
        match when.due.one_off_deadline().filter(|day| *day < self.today) {
            Some(day) => Err(message("ask-plan-when-past").with("text", text).with("day", &day)),
            None => Ok(when),
        }
    }

    /// The plan, its dates, and the first letters of it.
    fn shown(&self, plan: &Plan, rows: &[Row]) -> String {
        let (printer, speech, head) = (&self.context.printer, self.context.speech(), &plan.head);
        let names = Shown::of(&self.units);
        let own = speech.word("own-plan");
        let told = message("plan-new-shown")
            .with("title", &head.title)
            .with("plan", &head.id)
            .with("from", &head.in_force.from)
            .with("until", &head.in_force.until)
            .with("document", head.document_number.as_deref().unwrap_or(&own));
        let mut text = format!("\n{}\n", speech.told(&told));
        for (number, task) in (1..).zip(&plan.tasks) {
            let due = words::due(speech, &due_to_json(&task.due));
            let mut told = message("plan-new-task")
                .with("number", &number)
                .with("title", &task.title)
                .with("lead", &names.row(&task.lead))
                .with("due", &due);
            if !task.cooperate.is_empty() {
                told = message("plan-new-cooperate")
                    .within("words", told)
                    .with("cooperate", &names.row(&task.cooperate));
            }
            let of_task = rows.iter().filter(|row| row.task == task.id.as_str());
            let mut dates: Vec<NaiveDate> = of_task.filter_map(|row| row.deadline).collect();
            dates.sort_unstable();
            dates.dedup();
            if !dates.is_empty() {
                let more = dates.len() > DATES_SHOWN_MAX;
                let shown = dates.iter().take(DATES_SHOWN_MAX).map(|day| speech.day(*day));
                let shown = shown.chain(more.then(|| "…".to_owned()));
                told = message("plan-new-dates").within("words", told).put("dates", Value::All(texts(shown)));
            }
            text.push_str(&printer.hanging("  ", &speech.told(&told)));
        }
        text.push('\n');
        let mut letters: BTreeMap<(String, &str), Vec<Row>> = BTreeMap::new();
        for row in rows {
            letters.entry((row.send_at.to_rfc3339(), &row.letter)).or_default().push(row.clone());
        }
        let count = letters.len();
        let first: Vec<Row> = letters.into_values().take(LETTERS_SHOWN_MAX).flatten().collect();
        text.push_str(&preview::letters(printer, &first, &self.units));
        if count > LETTERS_SHOWN_MAX {
            let more = message("plan-new-more").put("count", Value::Count(count - LETTERS_SHOWN_MAX));
            text.extend([speech.told(&more), "\n".to_owned()]);
        }
        text
    }
}

fn task_of(head: &PlanHead, number: usize, said: Said) -> anyhow::Result<Task> {
    let Said { text, lead, cooperate, when, answer } = said;
    let mut due = when.due;
    if let (Due::Every(every), true) = (&mut due, when.is_open_ended) {
        // The plan's own end is its end.
        every.until = None;
    }
    Ok(Task {
        id: TaskSlug::parse(&format!("no-{number}"))?,
        title: import::title(&text),
        text,
        reading: None,
        cite: vec![format!("{}:{number}", head.id).parse::<Citation>()?],
        lead,
        lead_basis: LeadBasis::Office,
        cooperate,
        due,
        due_basis: DueBasis::Printed,
        due_note: None,
        standard: None,
        evidence: None,
        report_to: None,
        answer,
        target: when.is_target,
        fixed: false,
        recorded: false,
        conflicts: Vec::new(),
        matter: None,
    })
}
