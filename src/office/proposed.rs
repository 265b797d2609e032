//! What a reply proposes, row by row, and recording it: only when a person of the office says so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use clap::Args;
use serde::{Deserialize, Serialize};

use super::behalf::{Answerer, person};
use super::files::{check, keep};
use super::incoming::taken;
use super::proposal::{Proposed, ProposedFile, ProposedForm, ProposedRow, RowState};
use super::{Act, Caller, Office, Refused, UseCase, recorded};
use crate::domain::command::{Command, decide};
use crate::domain::{
    AnswerItem, Answers, AssignmentId, Digest, HandedIn, IncomingKind, ItemAnswer, Ledger, LetterId,
    ReceiptNo, Received, ReceivedKind, Recipient, UnitId, Via,
};
use crate::intake::{self, Form, Found, Proposal, Row};
use crate::journal::Shelf;
use crate::locale::{self, Language, Message};
use crate::planner::{EvidenceTray, Input, Person};

/// `intake show`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[group(skip)]
pub struct Show {
    /// Its event, as `duban intake list` shows it
    #[arg(value_name = "EVENT")]
    pub event: u64,
}

impl UseCase for Show {
    type Answer = Proposed;
    const NAME: &'static str = "intake/show";
    const ACT: Act = Act::Read;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Proposed, Refused> {
        let (kept, message) = message(office, self.event)?;
        let proposal = read(&message, &kept)?;
        let now = (office.now(), caller.language);
        let shown = proposed(&office.ledger(), &kept, &proposal, now, office.file_bytes_max());
        Ok(Proposed { unclear: unclear(&kept, &message).map(|why| caller.told(&why)), ..shown })
    }
}

/// Why a person has to look at what a machine wrote.
fn unclear(kept: &Received, message: &[u8]) -> Option<Message> {
    if kept.kind != ReceivedKind::Unclear {
        return None;
    }
    Some(match intake::read(message).map(|read| read.kind) {
        Ok(IncomingKind::Bounce(bounce)) => {
            let why = [bounce.failed.join(" "), bounce.status, bounce.diagnostic].join(" ");
            locale::message("mail-unclear-bounce").with("why", &why.trim())
        }
        Ok(IncomingKind::Reply | IncomingKind::Automatic | IncomingKind::Unclear) | Err(_) => {
            locale::message("mail-unclear")
        }
    })
}

/// `intake record`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its event, as `duban intake list` shows it
    #[arg(value_name = "EVENT")]
    pub event: u64,
    /// Record the other rows and files where one is refused; without it nothing is recorded then
    #[arg(long)]
    #[serde(default)]
    pub skip_refused: bool,
    /// The row of files whose name begins with no row's number
    #[arg(long, value_name = "ROW")]
    #[serde(default)]
    pub files_to: Option<u32>,
}

/// What was recorded of a message, and is durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// of the last event
    pub position: u64,
    /// 回执编号
    pub receipt: ReceiptNo,
    /// matters answered
    pub rows: usize,
    /// files kept as their material
    pub files: usize,
    /// what was left out, and why
    pub left_out: Vec<String>,
}

impl UseCase for Record {
    type Answer = Recorded;
    const NAME: &'static str = "intake/record";
    const ACT: Act = Act::Record;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Recorded, Refused> {
        let (kept, message) = message(office, self.event)?;
        let proposal = read(&message, &kept)?;
        let (planner, bytes_max) = (office.planner()?, office.file_bytes_max());
        let now = (office.now(), caller.language);
        let shown = proposed(&office.ledger(), &kept, &proposal, now, bytes_max);
        let told = |why: &Message| caller.told(why);
        let wish = to_record(&shown, (&proposal, &kept), &self, (planner.tray(), bytes_max), &told)
            .map_err(|why| self.refused(&why))?;
        let (rows, files, digest) = (wish.answers.items.len(), wish.files, kept.message);
        // The same matters of the same message are the same request: a repeat changes nothing twice.
        let request = Some(format!("mail-{}-{}", digest.short(32), wish.key));
        let by = caller.via(Via::Mail);
        let input = Input::Answer { answers: Box::new(wish.answers), person: wish.person, by, request };
        let position = recorded(planner.ask_and_wait(input)?).map_err(|refused| match refused.kind {
            super::RefusedKind::Decision => self.refused(&[refused.told_in(caller.language).what]),
            super::RefusedKind::Wrong
            | super::RefusedKind::Forbidden
            | super::RefusedKind::Held
            | super::RefusedKind::Fault
            | super::RefusedKind::Stopped => refused,
        })?;
        let receipt = {
            let ledger = office.ledger();
            let forms = ledger.handed_in().iter().rev();
            forms.filter(|form| form.submission.scan == Some(digest)).map(HandedIn::receipt).next()
        };
        let receipt = receipt.ok_or_else(|| Refused::fault(locale::message("record-missing")))?;
        if wish.left_out.is_empty() {
            // Nothing is left to do about it; where a colleague has marked it, that stands.
            let command = Command::HandleMail { received: self.event, remark: Some(receipt.to_string()) };
            let _ = office.command_as(&caller.actor, None, command, String::new());
        }
        Ok(Recorded { position, receipt, rows, files, left_out: wish.left_out })
    }
}

impl Record {
    fn refused(&self, why: &[String]) -> Refused {
        let cure = if self.skip_refused {
            locale::message("cure-intake-show").with("event", &self.event)
        } else {
            locale::message("cure-intake-skip").with("event", &self.event)
        };
        Refused::decided(locale::message("record-refused").with("why", &why.join("; "))).cure(cure)
    }
}

/// A message that was taken in, and its bytes.
fn message(office: &Office, event: u64) -> Result<(Received, Vec<u8>), Refused> {
    let kept = office.ledger().received_at(event).cloned();
    let kept = kept.ok_or_else(|| {
        Refused::decided(locale::message("no-message").with("event", &event))
            .cure(locale::message("cure-intake-list"))
    })?;
    match office.kept(Shelf::Evidence, kept.message)? {
        Some(bytes) => Ok((kept, bytes)),
        None => Err(Refused::decided(locale::message("mail-missing").with("event", &event))),
    }
}

fn read<'m>(message: &'m [u8], kept: &Received) -> Result<Proposal<'m>, Refused> {
    intake::proposal(message, kept.taken_on)
        .map_err(|fault| Refused::decided(locale::message("mail-unreadable").within("why", fault.message())))
}

/// What a message proposes, each row held against the ledger as it is now.
fn proposed(
    ledger: &Ledger,
    kept: &Received,
    proposal: &Proposal<'_>,
    (now, language): (DateTime<Utc>, Language),
    bytes_max: u64,
) -> Proposed {
    let taken = taken(ledger, kept);
    let form = match &proposal.found {
        Found::Form(form) => proposed_form(ledger, kept, form, (now, language)),
        Found::Nothing | Found::Packed { .. } | Found::Unreadable { .. } => None,
    };
    let unit = form.as_ref().map(|form| &form.unit).or(taken.unit.as_ref());
    let mailbox = unit.and_then(|unit| ledger.unit(unit)).map(|state| state.unit.mailbox.as_deref());
    Proposed {
        sender_is_mailbox: mailbox
            .map(|mailbox| mailbox.is_some_and(|mailbox| mailbox.eq_ignore_ascii_case(&proposal.sender))),
        sender: proposal.sender.clone(),
        subject: proposal.subject.clone(),
        words: proposal.words.clone(),
        unclear: None,
        unreadable: match &proposal.found {
            Found::Unreadable { name, why } => {
                let told = locale::message("sheet-unreadable").with("file", name).within("why", why.clone());
                Some(locale::told(language, &told))
            }
            Found::Form(sent) if form.is_none() => {
                Some(locale::told(language, &locale::message("form-of-nobody").with("letter", &sent.letter)))
            }
            Found::Packed { name } => {
                Some(locale::told(language, &locale::message("form-packed").with("file", name)))
            }
            Found::Nothing | Found::Form(_) => None,
        },
        files: proposal
            .files
            .iter()
            .map(|(file, row)| ProposedFile {
                name: file.name.clone(),
                bytes: file.bytes.len() as u64,
                row: *row,
                refused: check(&file.name, &file.bytes, bytes_max)
                    .err()
                    .map(|fault| locale::told(language, &fault.message())),
            })
            .collect(),
        form,
        further_forms: proposal.further.clone(),
        taken,
    }
}

/// `None` where it can't be told whose form it is.
fn proposed_form(
    ledger: &Ledger,
    kept: &Received,
    form: &Form,
    now: (DateTime<Utc>, Language),
) -> Option<ProposedForm> {
    let unit_of = |letter| match ledger.letter(letter).map(|state| &state.queued.to) {
        Some(Recipient::Unit(unit)) => Some(unit.clone()),
        Some(Recipient::LeaderOf(_) | Recipient::Office) | None => None,
    };
    // The letter names the unit; a row may have been changed.
    let named = form.rows.iter().find_map(|row| Some(row.said.as_ref().ok()?.assignment.unit.clone()));
    let unit = unit_of(form.letter).or(named)?;
    let rows = form.rows.iter().map(|row| proposed_row(ledger, kept, form, &unit, row, now));
    let rows = once_each(rows, now.1);
    let [name, post, phone] = form.signed.clone();
    Some(ProposedForm {
        letter: ledger.letter(form.letter).map(|_| form.letter),
        unit_name: ledger.unit_name(&unit),
        answers_other: kept.letter.and_then(unit_of).filter(|other| *other != unit),
        rows,
        blank: form.blank,
        name,
        post,
        phone,
        unit,
    })
}

/// A matter is answered once: a second row that could be recorded of it is refused.
fn once_each(rows: impl Iterator<Item = ProposedRow>, language: Language) -> Vec<ProposedRow> {
    let mut answered: BTreeMap<AssignmentId, u32> = BTreeMap::new();
    let once = |mut row: ProposedRow| {
        if let (RowState::Ready, Some(matter)) = (&row.state, &row.assignment) {
            match answered.get(matter) {
                Some(first) => {
                    let why = locale::message("row-answered-already").with("row", first);
                    row.state = RowState::Refused { why: locale::told(language, &why) };
                }
                None => {
                    answered.insert(matter.clone(), row.number);
                }
            }
        }
        row
    };
    rows.map(once).collect()
}

fn proposed_row(
    ledger: &Ledger,
    kept: &Received,
    form: &Form,
    unit: &UnitId,
    row: &Row,
    (now, language): (DateTime<Utc>, Language),
) -> ProposedRow {
    let (number, title) = (row.number, row.title.clone());
    let said = match &row.said {
        Ok(said) => said,
        Err(misread) => {
            let state = RowState::Refused { why: locale::told(language, &misread.message()) };
            return ProposedRow { number, title, assignment: None, says: String::new(), state };
        }
    };
    let recorded = ledger.handed_in().iter().find(|known| {
        known.submission.scan == Some(kept.message) && known.submission.assignments.contains(&said.assignment)
    });
    let state = if let Some(known) = recorded {
        RowState::Recorded { receipt: known.receipt() }
    } else {
        let item = AnswerItem {
            assignment: said.assignment.clone(),
            answer: said.answer.clone(),
            evidence: Vec::new(),
        };
        let letter = ledger.letter(form.letter).map(|_| form.letter);
        let answers = Box::new(answers(unit, letter, kept, vec![item]));
        match decide(ledger, &Command::Answer { answers }, now) {
            Ok(_) => RowState::Ready,
            Err(why) => RowState::Refused { why: locale::told(language, &locale::refusal(&why)) },
        }
    };
    ProposedRow { number, title, assignment: Some(said.assignment.clone()), says: says(&said.answer), state }
}

fn answers(unit: &UnitId, letter: Option<LetterId>, kept: &Received, items: Vec<AnswerItem>) -> Answers {
    Answers {
        unit: unit.clone(),
        letter,
        person: None,
        becomes_contact: false,
        note: None,
        scan: Some(kept.message),
        said_on: Some(kept.taken_on),
        items,
    }
}

/// What is to be recorded of a message.
struct Wish {
    answers: Answers,
    person: Option<Person>,
    /// names its matters
    key: String,
    files: usize,
    left_out: Vec<String>,
}

/// Keeps the files, and puts the rows together; or all that keeps them from being recorded.
fn to_record(
    shown: &Proposed,
    (proposal, kept): (&Proposal<'_>, &Received),
    asked: &Record,
    (tray, bytes_max): (&EvidenceTray, u64),
    told_in: &dyn Fn(&Message) -> String,
) -> Result<Wish, Vec<String>> {
    let of_row =
        |row: u32, why: &str| told_in(&locale::message("left-out-row").with("row", &row).with("why", why));
    let of_file = |name: &str, why: Message| {
        told_in(&locale::message("left-out-file").with("file", name).within("why", why))
    };
    let (Some(told), Found::Form(form)) = (&shown.form, &proposal.found) else {
        let why = match &shown.unreadable {
            Some(why) => locale::message("form-unreadable").with("why", why),
            None => locale::message("form-missing"),
        };
        return Err(vec![told_in(&why)]);
    };
    let (mut left_out, mut recorded) = (Vec::new(), BTreeSet::new());
    let mut items: Vec<(u32, AnswerItem)> = Vec::new();
    for (row, told) in form.rows.iter().zip(&told.rows) {
        match (&told.state, &row.said) {
            (RowState::Ready, Ok(said)) => items.push((
                row.number,
                AnswerItem {
                    assignment: said.assignment.clone(),
                    answer: said.answer.clone(),
                    evidence: Vec::new(),
                },
            )),
            (RowState::Refused { why }, _) => left_out.push(of_row(row.number, why)),
            (RowState::Ready, Err(misread)) => {
                left_out.push(of_row(row.number, &told_in(&misread.message())));
            }
            (RowState::Recorded { receipt }, _) => {
                recorded.insert(receipt.to_string());
            }
        }
    }
    let further = |name: &String| told_in(&locale::message("form-further").with("file", name));
    if items.is_empty() {
        if !recorded.is_empty() {
            let receipts = locale::Value::All(locale::texts(recorded));
            left_out.push(told_in(&locale::message("form-recorded").put("receipts", receipts)));
        } else if left_out.is_empty() {
            left_out.push(told_in(&locale::message("form-blank")));
        }
        left_out.extend(shown.further_forms.iter().map(further));
        return Err(left_out);
    }
    let rows: Vec<u32> = items.iter().map(|(number, _)| *number).collect();
    let bearing = |to: &u32| rows.iter().filter(|row| *row == to).count();
    if let Some((to, count)) = asked.files_to.map(|to| (to, bearing(&to))).filter(|(_, count)| *count != 1) {
        let why = if count == 0 { "files-to-no-row" } else { "files-to-several-rows" };
        return Err(vec![told_in(&locale::message(why).with("row", &to))]);
    }
    let mut files = Vec::new();
    for (file, row) in &proposal.files {
        match (row.or(asked.files_to), check(&file.name, &file.bytes, bytes_max)) {
            (_, Err(fault)) => left_out.push(of_file(&file.name, fault.message())),
            (None, Ok(_)) => {
                left_out.push(of_file(&file.name, locale::message("file-of-no-row")));
            }
            (Some(row), Ok(_)) => files.push((file, row)),
        }
    }
    if !left_out.is_empty() && !asked.skip_refused {
        return Err(left_out);
    }
    let mut count = 0;
    for (file, row) in files {
        let Some((_, item)) = items.iter_mut().find(|(number, _)| *number == row) else { continue };
        let kept = keep(tray, &file.name, &file.bytes, bytes_max);
        item.evidence.push(kept.map_err(|fault| vec![of_file(&file.name, fault.message())])?);
        count += 1;
    }
    // What stays behind for good is told, and keeps nothing back.
    left_out.extend(shown.further_forms.iter().map(further));
    // Row numbers are typed, and may be anything.
    let matters: Vec<String> = items.iter().map(|(_, item)| item.assignment.to_string()).collect();
    let items = items.into_iter().map(|(_, item)| item).collect();
    let said = Answerer { name: told.name.clone(), post: told.post.clone(), phone: told.phone.clone() };
    Ok(Wish {
        answers: answers(&told.unit, told.letter, kept, items),
        person: person(&said),
        key: Digest::of(matters.join("\n").as_bytes()).short(32),
        files: count,
        left_out,
    })
}

/// An answer in the words of the form.
fn says(answer: &ItemAnswer) -> String {
    match answer {
        ItemAnswer::Receipt => "签收".to_owned(),
        ItemAnswer::Evidence => "补充材料".to_owned(),
        ItemAnswer::Unchanged => "无变化".to_owned(),
        ItemAnswer::Progress { text, problem: None, .. } => format!("推进中：{text}"),
        ItemAnswer::Progress { text, problem: Some(problem), .. } => {
            format!("推进中：{text}；存在问题：{problem}")
        }
        ItemAnswer::Done { done_on, text } => format!("已完成（{done_on}）：{text}"),
        ItemAnswer::Extension { reason, progress, new_deadline, .. } => {
            format!("申请延期至{new_deadline}：{reason}；进展：{progress}")
        }
        ItemAnswer::Dispute { text } => format!("有异议：{text}"),
    }
}
