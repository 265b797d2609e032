//! What a reply proposes, row by row, and recording it: only when a person of the office says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::api::{actor, gone};
use super::behalf::person;
use super::door::problem;
use super::evidence::{check, keep};
use super::received::taken;
use super::{Desk, Peer};
use crate::domain::command::{Command, decide};
use crate::domain::{
    AnswerItem, Answers, AssignmentId, Digest, HandedIn, ItemAnswer, Ledger, LetterId, Received, Recipient,
    UnitId, Via,
};
use crate::intake::{self, Form, Found, Proposal, Row};
use crate::planner::{Answer, EvidenceTray, Input, Person};
use crate::wire::{
    Answerer, ClockHeld, FURTHER_FORM, Proposed, ProposedFile, ProposedForm, ProposedRow, RecordAnswer,
    RecordRequest, RowState,
};

/// `GET /api/received/{position}`
pub(super) async fn shown(State(desk): State<Arc<Desk>>, Path(position): Path<u64>) -> Response {
    let (kept, message) = match message(&desk, position).await {
        Ok(found) => found,
        Err(refused) => return *refused,
    };
    let (now, bytes_max) = ((desk.now)(), desk.page.file_bytes_max());
    let ledger = desk.planner.ledger().clone();
    let read = tokio::task::spawn_blocking(move || {
        let proposal = intake::proposal(&message, kept.taken_on).map_err(|fault| fault.to_string())?;
        Ok::<_, String>(proposed(&ledger.read(), &kept, &proposal, now, bytes_max))
    });
    match read.await {
        Ok(Ok(proposed)) => Json(proposed).into_response(),
        Ok(Err(fault)) => problem(StatusCode::UNPROCESSABLE_ENTITY, fault),
        Err(_) => unread(),
    }
}

/// `POST /api/received/{position}/record`
pub(super) async fn record(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Path(position): Path<u64>,
    Json(asked): Json<RecordRequest>,
) -> Response {
    let (by, marks) = match (actor(&peer, Via::Mail), actor(&peer, Via::Cli)) {
        (Ok(by), Ok(marks)) => (by, marks),
        (Err(refused), _) | (_, Err(refused)) => return *refused,
    };
    let (kept, message) = match message(&desk, position).await {
        Ok(found) => found,
        Err(refused) => return *refused,
    };
    let (now, bytes_max) = ((desk.now)(), desk.page.file_bytes_max());
    let (ledger, tray) = (desk.planner.ledger().clone(), desk.planner.tray().clone());
    let digest = kept.message;
    let read = tokio::task::spawn_blocking(move || {
        let proposal = intake::proposal(&message, kept.taken_on).map_err(|fault| fault.to_string())?;
        let shown = proposed(&ledger.read(), &kept, &proposal, now, bytes_max);
        Ok::<_, String>(to_record(&shown, &proposal, &kept, &asked, (&tray, bytes_max)))
    });
    let wish = match read.await {
        Ok(Ok(Ok(wish))) => wish,
        Ok(Ok(Err(why))) => return refused(why),
        Ok(Err(fault)) => return problem(StatusCode::UNPROCESSABLE_ENTITY, fault),
        Err(_) => return unread(),
    };
    let (rows, files) = (wish.answers.items.len(), wish.files);
    // The same matters of the same message are the same request: a repeat changes nothing twice.
    let request = Some(format!("mail-{}-{}", digest.short(32), wish.key));
    let input = Input::Answer { answers: Box::new(wish.answers), person: wish.person, by, request };
    let position_recorded = match desk.planner.ask(input).await {
        Ok(Answer::Done { position }) => position,
        Ok(Answer::Refused(why)) => return refused(vec![why.to_string()]),
        Ok(Answer::ClockHeld { now, last }) => {
            return (StatusCode::CONFLICT, Json(RecordAnswer::ClockHeld(ClockHeld { now, last })))
                .into_response();
        }
        Ok(Answer::Declared(_)) => return unread(),
        Err(stopped) => return gone(stopped),
    };
    let receipt = {
        let ledger = desk.planner.ledger().read();
        let forms = ledger.handed_in().iter().rev();
        forms.filter(|form| form.submission.scan == Some(digest)).map(HandedIn::receipt).next()
    };
    let Some(receipt) = receipt else { return unread() };
    if wish.left_out.is_empty() {
        // Nothing is left to do about it; where a colleague has marked it, that stands.
        let command = Box::new(Command::HandleMail { received: position, remark: Some(receipt.to_string()) });
        let _ = desk.planner.ask(Input::Command { command, by: marks, request: None }).await;
    }
    let (position, left_out) = (position_recorded, wish.left_out);
    Json(RecordAnswer::Recorded { position, receipt, rows, files, left_out }).into_response()
}

fn unread() -> Response {
    problem(StatusCode::INTERNAL_SERVER_ERROR, "the message can't be read; the log says why")
}

fn refused(why: Vec<String>) -> Response {
    (StatusCode::CONFLICT, Json(RecordAnswer::Refused { why })).into_response()
}

/// A message that was taken in, and its bytes.
async fn message(desk: &Desk, position: u64) -> Result<(Received, Vec<u8>), Box<Response>> {
    let kept = desk.planner.ledger().read().received_at(position).cloned();
    let Some(kept) = kept else {
        let what = format!("event {position} is no message that came in; `duban intake list` shows them");
        return Err(Box::new(problem(StatusCode::NOT_FOUND, what)));
    };
    match (desk.evidence)(kept.message).await {
        Ok(Some(bytes)) => Ok((kept, bytes)),
        Ok(None) => {
            let what = format!("the message of event {position} is missing in evidence/");
            Err(Box::new(problem(StatusCode::NOT_FOUND, what)))
        }
        Err(fault) => Err(Box::new(problem(StatusCode::INTERNAL_SERVER_ERROR, fault))),
    }
}

/// What a message proposes, each row held against the ledger as it is now.
fn proposed(
    ledger: &Ledger,
    kept: &Received,
    proposal: &Proposal<'_>,
    now: DateTime<Utc>,
    bytes_max: u64,
) -> Proposed {
    let taken = taken(ledger, kept);
    let form = match &proposal.found {
        Found::Form(form) => proposed_form(ledger, kept, form, now),
        Found::Nothing | Found::Unreadable { .. } => None,
    };
    let unit = form.as_ref().map(|form| &form.unit).or(taken.unit.as_ref());
    let mailbox = unit.and_then(|unit| ledger.unit(unit)).map(|state| state.unit.mailbox.as_deref());
    Proposed {
        sender_is_mailbox: mailbox
            .map(|mailbox| mailbox.is_some_and(|mailbox| mailbox.eq_ignore_ascii_case(&proposal.sender))),
        sender: proposal.sender.clone(),
        subject: proposal.subject.clone(),
        words: proposal.words.clone(),
        unreadable: match &proposal.found {
            Found::Unreadable { name, why } => Some(format!("{name}: {why}")),
            Found::Form(sent) if form.is_none() => {
                Some(format!("the form names letter {}, which nobody was sent, and no matter", sent.letter))
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
                refused: check(&file.name, &file.bytes, bytes_max).err().map(|fault| fault.to_string()),
            })
            .collect(),
        form,
        further_forms: proposal.further.clone(),
        taken,
    }
}

/// `None` where it can't be told whose form it is.
fn proposed_form(ledger: &Ledger, kept: &Received, form: &Form, now: DateTime<Utc>) -> Option<ProposedForm> {
    let unit_of = |letter| match ledger.letter(letter).map(|state| &state.queued.to) {
        Some(Recipient::Unit(unit)) => Some(unit.clone()),
        Some(Recipient::LeaderOf(_) | Recipient::Office) | None => None,
    };
    // The letter names the unit; a row may have been changed.
    let named = form.rows.iter().find_map(|row| Some(row.said.as_ref().ok()?.assignment.unit.clone()));
    let unit = unit_of(form.letter).or(named)?;
    let rows = form.rows.iter().map(|row| proposed_row(ledger, kept, form, &unit, row, now));
    let rows = once_each(rows);
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
fn once_each(rows: impl Iterator<Item = ProposedRow>) -> Vec<ProposedRow> {
    let mut answered: BTreeMap<AssignmentId, u32> = BTreeMap::new();
    let once = |mut row: ProposedRow| {
        if let (RowState::Ready, Some(matter)) = (&row.state, &row.assignment) {
            match answered.get(matter) {
                Some(first) => {
                    row.state = RowState::Refused { why: format!("answered in row {first} already") };
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
    now: DateTime<Utc>,
) -> ProposedRow {
    let (number, title) = (row.number, row.title.clone());
    let said = match &row.said {
        Ok(said) => said,
        Err(misread) => {
            let state = RowState::Refused { why: misread.to_string() };
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
            Err(why) => RowState::Refused { why: why.to_string() },
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
    proposal: &Proposal<'_>,
    kept: &Received,
    asked: &RecordRequest,
    (tray, bytes_max): (&EvidenceTray, u64),
) -> Result<Wish, Vec<String>> {
    let (Some(told), Found::Form(form)) = (&shown.form, &proposal.found) else {
        let why = shown.unreadable.clone().unwrap_or_else(|| "no 反馈表 came with it".to_owned());
        return Err(vec![format!("{why}; `duban task record` records what it says by hand")]);
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
            (RowState::Refused { why }, _) => left_out.push(format!("row {}: {why}", row.number)),
            (RowState::Ready, Err(misread)) => left_out.push(format!("row {}: {misread}", row.number)),
            (RowState::Recorded { receipt }, _) => {
                recorded.insert(receipt.to_string());
            }
        }
    }
    if items.is_empty() {
        if !recorded.is_empty() {
            let receipts: Vec<String> = recorded.into_iter().collect();
            left_out.push(format!("its form was recorded as {} already", receipts.join(", ")));
        } else if left_out.is_empty() {
            left_out.push("nothing in the form is filled in".to_owned());
        }
        left_out.extend(shown.further_forms.iter().map(|name| further(name)));
        return Err(left_out);
    }
    let rows: Vec<u32> = items.iter().map(|(number, _)| *number).collect();
    let bearing = |to: &u32| rows.iter().filter(|row| *row == to).count();
    if let Some((to, count)) = asked.files_to.map(|to| (to, bearing(&to))).filter(|(_, count)| *count != 1) {
        let rows = if count == 0 { "no row that is recorded" } else { "more than one row" };
        return Err(vec![format!("`--files-to {to}` names {rows}")]);
    }
    let mut files = Vec::new();
    for (file, row) in &proposal.files {
        match (row.or(asked.files_to), check(&file.name, &file.bytes, bytes_max)) {
            (_, Err(fault)) => left_out.push(format!("{}: {fault}", file.name)),
            (None, Ok(_)) => {
                left_out.push(format!(
                    "{}: its name begins with no number of a row (`--files-to ROW` names one; the message keeps it in any case)",
                    file.name
                ));
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
        item.evidence.push(kept.map_err(|fault| vec![format!("{}: {fault}", file.name)])?);
        count += 1;
    }
    // What stays behind for good is told, and keeps nothing back.
    left_out.extend(shown.further_forms.iter().map(|name| further(name)));
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

fn further(name: &str) -> String {
    format!("{name} is a further 反馈表: {FURTHER_FORM}")
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
