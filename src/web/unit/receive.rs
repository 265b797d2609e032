//! `POST`: puts what was entered into the draft, and hands a draft in. One form a unit at a time.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use tracing::{error, info};

use super::access::{Opened, open, see};
use super::answers::{At, Wrong, answers, receipts, refused};
use super::body::form;
use super::draft::{Choice, Draft, Entry, Unsaved};
use super::get::{known, meanwhile, show_form, show_preview, show_signing};
use super::pages::Closed;
use super::paging::anchor;
use super::refused::{Field, FileRefused, cut_words, file_words};
use super::upload::{Form, read};
use super::view::last_words;
use crate::domain::{Answers, AssignmentId, Ledger, OccurrenceId, UnitId};
use crate::office::{Act, Caller, authorize};
use crate::planner::{Answer, Input, Person};
use crate::web::Desk;

pub(super) async fn receive(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    Extension(through): Extension<Opened>,
    request: Request,
) -> Response {
    let Some(form) = form(request).await else { return desk.page.pages.closed(&desk, Closed::NoForm) };
    let form = read(form, &desk.page, desk.planner.tray(), &through).await;
    count(&desk, &through.unit, &form).await;
    // From reading the draft to its end: what two colleagues send at once is done one after the other.
    let _held = desk.page.drafts.lock.lock().await;
    // It may have been long on its way: through a link revoked meanwhile nothing more comes in.
    let opened = open(&desk, &desk.planner.ledger().read(), &token);
    let opened = match opened {
        Ok(opened) => opened,
        Err(closed) => return desk.page.pages.closed(&desk, closed),
    };
    match form.step.as_str() {
        "submit" | "receive" if form.broken.is_none() => hand_in(&desk, &opened, form).await,
        _ => enter(&desk, &opened, form).await,
    }
}

/// Keeps what was entered, and goes on to what was asked for.
async fn enter(desk: &Arc<Desk>, opened: &Opened, form: Form) -> Response {
    let Form { step, page, mut posted, mut refused, cut, broken, .. } = form;
    let place = step.split_once('~').and_then(|(_, id)| id.parse::<OccurrenceId>().ok());
    let place = place.or_else(|| posted.dropped.first().map(|(id, _)| id.clone()));
    let mut draft = desk.page.drafts.load(&opened.unit).unwrap_or_else(|| Draft::new(opened.now));
    {
        let ledger = desk.planner.ledger().read();
        // Only of this unit's matters, open or not.
        let is_own = |id: &OccurrenceId| {
            ledger.slot_of(&AssignmentId { occurrence: id.clone(), unit: opened.unit.clone() }).is_some()
        };
        posted.entries.retain(|id, _| is_own(id));
        posted.came.retain(|(id, ..)| is_own(id));
        for (id, entry) in &mut posted.entries {
            untouched(&ledger, opened, id, entry);
        }
    }
    let had_person = posted.person.is_some();
    if !posted.is_empty() {
        let too_many = draft.put(posted, opened.now, opened.today);
        refused.extend(too_many.into_iter().map(|(id, name)| (id, false, name, FileRefused::TooMany)));
        if let Err(closed) = save(desk, opened, &draft).await {
            return desk.page.pages.closed(desk, closed);
        }
    }
    let mut wrong: Vec<Wrong> = refused
        .into_iter()
        .map(|(id, is_approval, name, why)| {
            let field = if is_approval { Field::Approval } else { Field::Files };
            Wrong { at: At::Matter(id, field), words: file_words(&name, why) }
        })
        .collect();
    wrong.extend(cut.into_iter().map(|(id, field)| Wrong { at: At::Matter(id, field), words: cut_words() }));
    if let Some(why) = broken.filter(|_| wrong.is_empty()) {
        return desk.page.pages.closed(desk, why.into());
    }
    if !wrong.is_empty() {
        if broken.is_some() {
            let words = "提交没有传完，已收到的内容已存入草稿。请核对后再提交".to_owned();
            wrong.insert(0, Wrong { at: At::Form, words });
        }
        return show_form(desk, opened, StatusCode::UNPROCESSABLE_ENTITY, &wrong, None).await;
    }
    match (step.as_str(), place) {
        ("preview", _) => {
            let known = known(desk, opened).await;
            let made = answers(&desk.planner.ledger().read(), opened, &draft, known.as_ref());
            match made {
                Ok(_) => see("?preview"),
                Err(wrong) => show_form(desk, opened, StatusCode::UNPROCESSABLE_ENTITY, &wrong, None).await,
            }
        }
        ("sign", _) if had_person => see("?sign"),
        (_, Some(id)) => see(&format!("?saved{}#{}", on(page), anchor(&id))),
        (step, None) => match step.strip_prefix("page~") {
            Some(turned_to) => see(&format!("?page={}", turned_to.parse::<usize>().unwrap_or(1))),
            None => see(&format!("?saved{}", on(page))),
        },
    }
}

/// The part of a query that names a page; nothing for the first.
fn on(page: usize) -> String {
    if page > 1 { format!("&page={page}") } else { String::new() }
}

/// A paragraph filled in from last time and not chosen to be sent is not something entered.
fn untouched(ledger: &Ledger, opened: &Opened, id: &OccurrenceId, entry: &mut Entry) {
    if matches!(entry.choice, Choice::Going | Choice::Hard) {
        return;
    }
    let id = AssignmentId { occurrence: id.clone(), unit: opened.unit.clone() };
    let last = last_words(ledger, &id).unwrap_or_default();
    if entry.progress.trim() == last.trim() {
        entry.progress.clear();
    }
}

/// Keeps how much the unit's links have brought in.
async fn count(desk: &Arc<Desk>, unit: &UnitId, form: &Form) {
    if form.posted.came.is_empty() {
        return;
    }
    let (shared, of) = (desk.clone(), unit.clone());
    let kept = tokio::task::spawn_blocking(move || shared.page.allowances.save(&of)).await;
    if let Ok(Err(fault)) = kept {
        error!(%unit, cause = %fault, "what a unit's links brought in can't be kept: a restart forgets it");
    }
}

async fn save(desk: &Arc<Desk>, opened: &Opened, draft: &Draft) -> Result<(), Closed> {
    let (shared, unit, draft) = (desk.clone(), opened.unit.clone(), draft.clone());
    let saved = tokio::task::spawn_blocking(move || shared.page.drafts.save(&unit, &draft)).await;
    match saved {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Unsaved::TooLarge)) => Err(Closed::DraftFull),
        Ok(Err(fault)) => {
            error!(unit = %opened.unit, cause = %fault, "a draft can't be kept");
            Err(Closed::Fault)
        }
        Err(_) => Err(Closed::Fault),
    }
}

/// Hands in what the preview showed: that edition of the draft, once.
async fn hand_in(desk: &Arc<Desk>, opened: &Opened, form: Form) -> Response {
    let signs = form.step == "receive";
    let request = request(opened, &form.mark, signs);
    if let Some(receipt) = receipt_of(desk, opened, &request) {
        return see(&receipt);
    }
    let Some(mut draft) = desk.page.drafts.load(&opened.unit).filter(|draft| draft.mark() == form.mark)
    else {
        let notice = "草稿在预览之后有改动，本次没有提交。请核对后重新预览。".to_owned();
        return show_form(desk, opened, StatusCode::CONFLICT, &[], Some(notice)).await;
    };
    if let Some(person) = form.posted.person.filter(|_| signs) {
        draft.person = person;
        if let Err(closed) = save(desk, opened, &draft).await {
            return desk.page.pages.closed(desk, closed);
        }
    }
    let known = known(desk, opened).await;
    let (made, lost, conflict) = {
        let ledger = desk.planner.ledger().read();
        let made = if signs {
            receipts(&ledger, opened, &draft, known.as_ref())
        } else {
            answers(&ledger, opened, &draft, known.as_ref())
        };
        let lost = lost(desk, made.as_ref().ok().map(|(answers, _)| answers));
        let answered = made.iter().flat_map(|(answers, _)| &answers.items).map(|item| &item.assignment);
        let answered: Vec<&AssignmentId> = answered.collect();
        let conflict = !signs && !meanwhile(&ledger, opened, form.posted.seen, &answered).is_empty();
        (made, lost, conflict)
    };
    let again = StatusCode::UNPROCESSABLE_ENTITY;
    let (answers, person) = match made {
        Ok(made) if lost.is_empty() => made,
        Ok(_) => return show_form(desk, opened, again, &lost, None).await,
        Err(wrong) if signs => return show_signing(desk, opened, again, &wrong).await,
        Err(wrong) => return show_form(desk, opened, StatusCode::CONFLICT, &wrong, None).await,
    };
    if conflict {
        // Shown once more, with what colleagues have handed in; who still wants it sends it again.
        return show_preview(desk, opened, StatusCode::CONFLICT, &[]).await;
    }
    give(desk, opened, &mut draft, (answers, person), request, signs).await
}

async fn give(
    desk: &Arc<Desk>,
    opened: &Opened,
    draft: &mut Draft,
    (answers, person): (Answers, Person),
    request: String,
    signs: bool,
) -> Response {
    let caller = Caller::of_unit(&opened.unit, Some(request.clone()));
    if let Err(refused) = authorize(&caller, Act::HandIn, Some(&answers.unit)) {
        let words = refused.what;
        let wrong = [Wrong { at: At::Form, words }];
        return show_form(desk, opened, StatusCode::FORBIDDEN, &wrong, None).await;
    }
    let input = Input::Answer {
        answers: Box::new(answers),
        person: Some(person),
        by: caller.actor,
        request: caller.request,
    };
    match desk.planner.ask(input).await {
        Ok(Answer::Done { .. }) => {}
        Ok(Answer::Refused(why)) => {
            let wrong = [refused(&why, opened.today)];
            return show_form(desk, opened, StatusCode::CONFLICT, &wrong, None).await;
        }
        Ok(Answer::ClockHeld { .. } | Answer::Declared(_)) | Err(_) => {
            return desk.page.pages.closed(desk, Closed::NotNow);
        }
    }
    if signs {
        // What else was entered stays; the next signing is another request.
        draft.edition = draft.edition.saturating_add(1);
        let _ = save(desk, opened, draft).await;
    } else {
        desk.page.drafts.remove(&opened.unit);
    }
    match receipt_of(desk, opened, &request) {
        Some(receipt) => {
            info!(unit = %opened.unit, letter = %opened.letter, "a unit has handed in a form");
            see(&receipt)
        }
        None => desk.page.pages.closed(desk, Closed::Fault),
    }
}

/// Names what is handed in: this edition of this unit's draft.
fn request(opened: &Opened, mark: &str, signs: bool) -> String {
    const MARK_CHARS_MAX: usize = 60;
    let mark: String = mark.chars().filter(char::is_ascii_alphanumeric).take(MARK_CHARS_MAX).collect();
    let what = if signs { "receive" } else { "submit" };
    format!("link:{}:{what}:{mark}", opened.unit)
}

/// Where the receipt of a request is seen; `None` where nothing was handed in under it.
fn receipt_of(desk: &Desk, opened: &Opened, request: &str) -> Option<String> {
    let ledger = desk.planner.ledger().read();
    let position = ledger.answered(request)?.position;
    // The frame is the first event of what the request recorded, and this its last.
    let form = ledger.handed_in().iter().rev().find(|form| form.position <= position)?;
    (form.submission.unit == opened.unit).then(|| format!("?receipt={}", form.receipt()))
}

/// Files of a draft that are no longer on their shelf: put away by hand, or lost with a disk.
fn lost(desk: &Desk, answers: Option<&Answers>) -> Vec<Wrong> {
    let items = answers.into_iter().flat_map(|answers| &answers.items);
    items
        .flat_map(|item| item.evidence.iter().map(move |file| (item, file)))
        .filter(|(_, file)| !desk.planner.tray().holds(file.digest))
        .map(|(item, file)| Wrong {
            at: At::Matter(item.assignment.occurrence.clone(), Field::Files),
            words: format!("“{}”已不在系统中，请移除后重新上传", crate::words::clean(&file.name)),
        })
        .collect()
}
