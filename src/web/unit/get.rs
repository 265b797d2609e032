//! `GET`: the form, the preview, a receipt, the paper to be stamped. Changes nothing.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;

use super::access::{Opened, see};
use super::answers::{Wrong, answers, receipts, used_up};
use super::draft::PersonEntry;
use super::handed_in::{Told, named, told};
use super::pages::Closed;
use super::refused::used_up_words;
use super::view::{Frame, Showing, form, frame, via_words};
use crate::domain::command::{Command, decide};
use crate::domain::{Event, HandedIn, Ledger, ReceiptNo, Via};
use crate::matter::{ShownPerson, typed_by};
use crate::planner::{Person, Planner};
use crate::web::Desk;
use crate::words::{full_date_weekday, near_date};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    Form,
    Saved,
    Preview,
    /// 签收
    Sign,
    Receipt(ReceiptNo),
    Paper(ReceiptNo),
    Nothing,
}

impl Asked {
    fn parse(query: &str) -> Self {
        // What mail gateways and messengers append (`from=singlemessage`) is not ours.
        let ours = |key: &str| ["saved", "preview", "sign", "receipt", "paper"].contains(&key);
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let Some((key, value)) = pairs.into_iter().find(|(key, _)| ours(key)) else { return Self::Form };
        match (key, value.parse()) {
            ("saved", _) => Self::Saved,
            ("preview", _) => Self::Preview,
            ("sign", _) => Self::Sign,
            ("receipt", Ok(receipt)) => Self::Receipt(receipt),
            ("paper", Ok(receipt)) => Self::Paper(receipt),
            _ => Self::Nothing,
        }
    }
}

/// The preview: what will be recorded, and nothing recorded yet.
#[derive(Debug, Clone, Serialize)]
struct Preview {
    frame: Frame,
    told: Vec<Told>,
    person: Option<Shown>,
    /// who fills in, where that is asked here
    entry: PersonEntry,
    mark: String,
    seen: u64,
    /// `submit` or `receive`
    step: &'static str,
    wrong: Vec<String>,
    /// what colleagues handed in meanwhile
    meanwhile: Vec<String>,
}

/// Whoever fills in, as shown back to them.
#[derive(Debug, Clone, Serialize)]
struct Shown {
    #[serde(flatten)]
    person: ShownPerson,
    /// 自填, or 代录
    typed: &'static str,
    stays: bool,
}

/// What was handed in under a number.
#[derive(Debug, Clone, Serialize)]
struct Acknowledged {
    frame: Frame,
    receipt: String,
    day: String,
    via: &'static str,
    told: Vec<Told>,
    person: Option<Shown>,
    weighs: bool,
    /// of what was claimed: which verdicts are told by a letter
    claimed: Option<&'static str>,
    extension: bool,
}

pub(super) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(opened): Extension<Opened>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    match Asked::parse(&query) {
        Asked::Form => show_page(&desk, &opened, page(&query), None).await,
        Asked::Saved => {
            show_page(&desk, &opened, page(&query), Some("草稿已保存，尚未提交。".to_owned())).await
        }
        Asked::Preview => show_preview(&desk, &opened, StatusCode::OK, &[]).await,
        Asked::Sign => show_signing(&desk, &opened, StatusCode::OK, &[]).await,
        Asked::Receipt(receipt) => show_receipt(&desk, &opened, receipt, "receipt.html").await,
        Asked::Paper(receipt) => show_receipt(&desk, &opened, receipt, "paper.html").await,
        Asked::Nothing => desk.page.pages.closed(&desk, Closed::NoPage),
    }
}

/// The page of the form that a query names; the first where it names none.
fn page(query: &str) -> usize {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == "page").and_then(|(_, page)| page.parse().ok()).unwrap_or(1)
}

/// A page of the form, in which nothing is wrong.
async fn show_page(desk: &Desk, opened: &Opened, page: usize, notice: Option<String>) -> Response {
    form_page(desk, opened, StatusCode::OK, &[], notice, page).await
}

/// Who handles the unit's answers, where that is known.
pub(super) async fn known(desk: &Desk, opened: &Opened) -> Option<Person> {
    let contact = desk.planner.ledger().read().contact_of(&opened.unit)?;
    desk.planner.see(move |planner: &Planner| planner.person(contact)).await.ok().flatten()
}

/// The form, at the first page with something wrong in it.
pub(super) async fn show_form(
    desk: &Desk,
    opened: &Opened,
    status: StatusCode,
    wrong: &[Wrong],
    notice: Option<String>,
) -> Response {
    form_page(desk, opened, status, wrong, notice, 1).await
}

async fn form_page(
    desk: &Desk,
    opened: &Opened,
    status: StatusCode,
    wrong: &[Wrong],
    notice: Option<String>,
    page: usize,
) -> Response {
    let draft = desk.page.drafts.load(&opened.unit);
    let known = known(desk, opened).await;
    let used_up = used_up(&desk.planner.ledger().read(), opened, &[]).map(used_up_words);
    let notices: Vec<String> = notice.into_iter().chain(used_up.filter(|_| wrong.is_empty())).collect();
    let notice = Some(notices.join("")).filter(|notice| !notice.is_empty());
    let showing = Showing { opened, draft: draft.as_ref(), known: known.as_ref(), wrong, notice, page };
    let view = form(desk, &desk.planner.ledger().read(), &showing);
    desk.page.pages.page(desk, status, "form.html", &view)
}

/// What will be recorded; with `meanwhile`, what colleagues handed in since the form was shown.
pub(super) async fn show_preview(
    desk: &Desk,
    opened: &Opened,
    status: StatusCode,
    wrong: &[Wrong],
) -> Response {
    let Some(draft) = desk.page.drafts.load(&opened.unit).filter(|draft| !draft.says_nothing()) else {
        return see("?");
    };
    let known = known(desk, opened).await;
    let made = answers(&desk.planner.ledger().read(), opened, &draft, known.as_ref());
    let (form, person) = match made {
        Ok(made) => made,
        Err(wrong) => return show_form(desk, opened, status, &wrong, None).await,
    };
    let view = {
        let ledger = desk.planner.ledger().read();
        let command = Command::Answer { answers: Box::new(form.clone()) };
        let events = decide(&ledger, &command, opened.now).unwrap_or_default();
        let answered = form.items.iter().map(|item| &item.assignment);
        Preview {
            frame: frame(&ledger, opened),
            told: told(&ledger, opened.today, events.iter().map(|new| &new.event)),
            person: Some(shown(&person, Some(&draft.person), Via::Link)),
            entry: PersonEntry::default(),
            meanwhile: meanwhile(&ledger, opened, draft.seen, &answered.collect::<Vec<_>>()),
            mark: draft.mark(),
            seen: ledger.head(),
            step: "submit",
            wrong: wrong.iter().map(|wrong| wrong.words.clone()).collect(),
        }
    };
    desk.page.pages.page(desk, status, "preview.html", &view)
}

/// What will be signed for (签收), and by whom.
pub(super) async fn show_signing(
    desk: &Desk,
    opened: &Opened,
    status: StatusCode,
    wrong: &[Wrong],
) -> Response {
    let Some(draft) = desk.page.drafts.load(&opened.unit) else { return see("?") };
    let known = known(desk, opened).await;
    let view = {
        let ledger = desk.planner.ledger().read();
        // Whether it is asked who signs, decides the same function that will judge the answer.
        let ready = receipts(&ledger, opened, &draft, known.as_ref());
        let events = super::answers::unsigned(&ledger, opened);
        let events: Vec<Event> =
            events.into_iter().map(|assignment| Event::ReceiptAcknowledged { assignment }).collect();
        if events.is_empty() {
            return see("?");
        }
        let mut entry = draft.person.clone();
        if let Some(known) = known.as_ref().filter(|_| entry.name.is_empty()) {
            entry.name.clone_from(&known.name);
            entry.post.clone_from(&known.post);
        }
        Preview {
            frame: frame(&ledger, opened),
            told: told(&ledger, opened.today, events.iter()),
            person: ready.ok().map(|(_, person)| shown(&person, Some(&draft.person), Via::Link)),
            entry,
            mark: draft.mark(),
            seen: ledger.head(),
            step: "receive",
            wrong: wrong.iter().map(|wrong| wrong.words.clone()).collect(),
            meanwhile: Vec::new(),
        }
    };
    desk.page.pages.page(desk, status, "preview.html", &view)
}

/// A phone is shown whole only as `typed` in the draft; whoever holds the link reads what was known before.
fn shown(person: &Person, typed: Option<&PersonEntry>, via: Via) -> Shown {
    let Person { name, post, phone, .. } = person;
    let is_typed = typed.is_some_and(|entry| !entry.phone.trim().is_empty());
    let show = if is_typed { ShownPerson::whole } else { ShownPerson::recognisable };
    let stays = typed.is_some_and(|entry| entry.stays);
    Shown { person: show(name, post, phone), typed: typed_by(via), stays }
}

/// What the unit handed in of these matters after this position.
pub(super) fn meanwhile(
    ledger: &Ledger,
    opened: &Opened,
    seen: u64,
    answered: &[&crate::domain::AssignmentId],
) -> Vec<String> {
    let newer = ledger.handed_in().iter().rev().take_while(|form| form.position > seen);
    newer
        .filter(|form| form.submission.unit == opened.unit)
        .flat_map(|form| {
            let both = form.submission.assignments.iter().filter(|id| answered.contains(id));
            both.map(move |id| {
                let (title, _) = named(ledger, opened.today, id);
                format!(
                    "“{title}”已由本单位报送（{}，回执{}）",
                    near_date(form.on, opened.today),
                    form.receipt()
                )
            })
        })
        .collect()
}

async fn show_receipt(desk: &Desk, opened: &Opened, receipt: ReceiptNo, template: &str) -> Response {
    let found = {
        let ledger = desk.planner.ledger().read();
        ledger.receipt(receipt).filter(|form| form.submission.unit == opened.unit).cloned()
    };
    let Some(handed_in) = found else { return desk.page.pages.closed(desk, Closed::NoPage) };
    let events = match events(desk, handed_in.clone()).await {
        Ok(events) => events,
        Err(closed) => return desk.page.pages.closed(desk, closed),
    };
    let digest = handed_in.submission.person;
    let person = match digest {
        Some(digest) => {
            desk.planner.see(move |planner: &Planner| planner.person(digest)).await.ok().flatten()
        }
        None => None,
    };
    let view = {
        let ledger = desk.planner.ledger().read();
        let told = told(&ledger, opened.today, events.iter());
        Acknowledged {
            frame: frame(&ledger, opened),
            receipt: receipt.to_string(),
            day: full_date_weekday(handed_in.on),
            via: via_words(handed_in.via),
            person: person.as_ref().map(|person| shown(person, None, handed_in.via)),
            weighs: told.iter().any(|told| told.weighs),
            claimed: told.iter().any(|told| told.what.contains(&"申请办结")).then(|| {
                let all = ledger.office().is_some_and(|office| office.acceptance_letter);
                if all {
                    "通过、退回的均另行告知。"
                } else {
                    "通过的不另行通知，退回的另行告知。"
                }
            }),
            extension: told.iter().any(|told| told.what.contains(&"申请延期")),
            told,
        }
    };
    desk.page.pages.page(desk, StatusCode::OK, template, &view)
}

/// The events of a form, as the journal holds them.
async fn events(desk: &Desk, form: HandedIn) -> Result<Vec<Event>, Closed> {
    let office = desk.office.clone();
    let read = tokio::task::spawn_blocking(move || office.handed_in(&form)).await;
    read.ok().and_then(Result::ok).ok_or(Closed::Fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stands_in_the_query_and_what_others_append_is_passed_over() {
        assert_eq!(Asked::parse(""), Asked::Form);
        assert_eq!(Asked::parse("preview"), Asked::Preview);
        let receipt = "R2021-0628-03".parse().unwrap();
        assert_eq!(Asked::parse("receipt=R2021-0628-03"), Asked::Receipt(receipt));
        for appended in ["from=singlemessage", "utm_source=x&isappinstalled=0", "admin"] {
            assert_eq!(Asked::parse(appended), Asked::Form, "a good link stays one: {appended}");
        }
        assert_eq!(Asked::parse("preview&from=singlemessage"), Asked::Preview);
        for odd in ["receipt=", "receipt=../../x", "paper=R1"] {
            assert_eq!(Asked::parse(odd), Asked::Nothing, "{odd}");
        }
    }
}
