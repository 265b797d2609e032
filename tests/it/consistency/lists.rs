//! In which of the week's lists a matter has to stand, told from its state and its dates by the rule itself.
//!
//! | list | who stands in it |
//! |---|---|
//! | 超期 | still asked, and its day is over |
//! | 本周到期, 下周到期 | still asked, and its day lies in the rest of this week, or in the next |
//! | 未签收 | told before today, and not acknowledged |
//! | 未反馈 | asked for a report, by the last collection or as an assigned matter, and none came since |
//! | 待审核 | a claim, its own or of whoever answers for it, an extension, an objection or a closing out waits |
//! | 退回未改 | returned, and not claimed again |

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, NaiveDate};
use duban::domain::{Answer, Assignment, LadderName, Ledger, PlanState, State, UnitId};

use super::compare::{Contradiction, Field, Said, Surface};

/// Whether papers speak of it at all: what is about other matters, foretold, or of a plan that nobody
/// follows any more stands in no list.
fn is_spoken_of(ledger: &Ledger, one: &Assignment) -> bool {
    let plan = ledger.plan(&one.occurrence.task.plan);
    !one.occurrence.is_collection()
        && one.course.ladder != LadderName::Avoid
        && plan.is_some_and(PlanState::is_followed)
}

/// Whether the first lead answers for this unit: what stayed with whom leads no more is its own to answer.
fn is_answered_for(ledger: &Ledger, one: &Assignment) -> bool {
    let Some(state) = ledger.task(&one.occurrence.task) else { return false };
    let lead = &state.task.lead;
    let members = |id: &UnitId| ledger.unit(id).map(|state| state.unit.members.clone()).unwrap_or_default();
    let collective = lead.first().is_some_and(|first| !members(first).is_empty());
    let leads = lead.contains(&one.unit) || lead.iter().any(|id| members(id).contains(&one.unit));
    state.task.answer == Answer::Lead && !collective && leads && lead.first() != Some(&one.unit)
}

/// Whether figures count it: one a matter, or one a unit where each answers for itself.
pub fn is_counted(ledger: &Ledger, one: &Assignment) -> bool {
    one.course.ladder != LadderName::Avoid && !one.occurrence.is_collection() && !is_answered_for(ledger, one)
}

/// Whether whoever answers for all has claimed: then the clock is in the office's hands for all.
fn is_claimed_for(ledger: &Ledger, one: &Assignment) -> bool {
    is_answered_for(ledger, one)
        && ledger.task(&one.occurrence.task).is_some_and(|state| {
            ledger.assignments().any(|other| {
                other.occurrence == one.occurrence
                    && state.task.lead.first() == Some(&other.unit)
                    && other.state == State::Claimed
            })
        })
}

/// The lists in which it stands on a day.
fn expected(ledger: &Ledger, one: &Assignment, day: NaiveDate) -> BTreeSet<&'static str> {
    let mut lists = BTreeSet::new();
    if !is_spoken_of(ledger, one) {
        return lists;
    }
    let record = one.record.as_deref();
    let asked = matches!(
        one.state,
        State::Opened | State::Notified | State::Receipt | State::InProgress | State::Returned
    ) && !is_claimed_for(ledger, one);
    let sunday = day + Days::new(6 - u64::from(day.weekday().num_days_from_monday()));
    if asked && let Some(due) = one.course.deadline {
        if due < day && one.course.chased {
            lists.insert("overdue");
        } else if day <= due && due <= sunday {
            lists.insert("due-this-week");
        } else if sunday < due && due <= sunday + Days::new(7) {
            lists.insert("due-next-week");
        }
    }
    let told = record.and_then(|record| record.told_on);
    if asked && told.is_some_and(|told| told < day) && record.is_some_and(|record| record.receipt.is_none()) {
        lists.insert("unreceived");
    }
    let matter = ledger.task(&one.occurrence.task).is_some_and(|state| state.task.matter.is_some());
    let reported = record.is_some_and(|record| record.progress.is_some() || !record.claims.is_empty());
    let missing = is_report_missing(ledger, one, day) || matter && !reported;
    if asked && missing && !is_answered_for(ledger, one) {
        lists.insert("unreported");
    }
    let open = one.state.is_open();
    let waits = one.state == State::Claimed
        || open && one.state != State::Paused && is_claimed_for(ledger, one)
        || one.state == State::Accepted && matter
        || open && record.is_some_and(|record| record.extension.is_some() || record.dispute.is_some());
    if waits {
        lists.insert("in-review");
    }
    // Where whoever answers for all has claimed, it was claimed again.
    if one.state == State::Returned && asked {
        lists.insert("returned");
    }
    lists
}

/// Whether the last collection of its plan asks about it and nothing was reported since its month began.
fn is_report_missing(ledger: &Ledger, one: &Assignment, day: NaiveDate) -> bool {
    let Some(plan) = ledger.plan(&one.occurrence.task.plan) else { return false };
    let Some(asked) = plan.collections.iter().rev().find(|asked| asked.asked_on <= day) else { return false };
    let reported = one.record.as_deref().and_then(|record| record.progress.as_ref()).map(|told| told.on);
    let was_asked = ledger.assignments().any(|round| {
        round.occurrence.is_collection()
            && round.occurrence.task.plan == one.occurrence.task.plan
            && round.occurrence.period == asked.period
            && round.unit == one.unit
    });
    was_asked
        && one.course.opens <= asked.asked_on
        && asked.period.first().is_some_and(|first| reported.is_none_or(|on| on < first))
}

/// Matters that stand in other lists than they should.
pub fn misplaced(ledger: &Ledger, day: NaiveDate, all: &[Said]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for one in ledger.assignments() {
        // Of a unit that was asked once more only the last asking stands.
        let current = ledger.slot_of(&one.id()).and_then(|slot| ledger.assignment(slot));
        if current != Some(one) {
            continue;
        }
        let id = one.id().to_string();
        let expected = expected(ledger, one, day);
        let listed: BTreeSet<&str> = all
            .iter()
            .filter(|said| said.of == id && said.field == Field::Listed && said.by == Surface::Lists)
            .map(|said| said.value.as_str())
            .collect();
        if expected != listed {
            let shown = |lists: &BTreeSet<&str>| {
                let all: Vec<&str> = lists.iter().copied().collect();
                if all.is_empty() { "none".to_owned() } else { all.join("+") }
            };
            let lists = (shown(&listed), BTreeSet::from([Surface::Lists]));
            let state = format!("{} by {:?}, {}", shown(&expected), one.course.deadline, one.state.label());
            let rule = (state, BTreeSet::from([Surface::Task]));
            found.push(Contradiction { day, of: id, field: Field::Listed, says: [lists, rule].into() });
        }
    }
    found
}

/// Matters of plans that are over, of which a paper about the present speaks all the same.
pub fn forgotten(ledger: &Ledger, day: NaiveDate, all: &[Said]) -> Vec<Contradiction> {
    let present = [Surface::Lists, Surface::Leader, Surface::LeaderText, Surface::Bulletin, Surface::Page];
    let over = |id: &str| {
        let plan = id.split('/').next().and_then(|plan| plan.parse().ok());
        plan.and_then(|plan| ledger.plan(&plan)).is_some_and(|plan| plan.closed.is_some())
    };
    let mut found: BTreeSet<(String, Surface)> = BTreeSet::new();
    // A page keeps what is over, for its material, and a bulletin what was done in its month: no light shines there.
    let shines = |said: &&Said| {
        !matches!(said.by, Surface::Page | Surface::Bulletin)
            || said.field == Field::Light && !matches!(said.value.as_str(), "off" | "late")
    };
    for said in all.iter().filter(|said| present.contains(&said.by) && over(&said.of)).filter(shines) {
        found.insert((said.of.clone(), said.by));
    }
    let told = |(of, by)| Contradiction {
        day,
        of,
        field: Field::Followed,
        says: [
            ("still told".to_owned(), BTreeSet::from([by])),
            ("its plan is closed".to_owned(), BTreeSet::from([Surface::Task])),
        ]
        .into(),
    };
    found.into_iter().map(told).collect()
}
