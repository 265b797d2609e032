//! Punctuality: what an acceptance, a return or another date makes of it. Decided once and recorded in
//! the event, so that a changed rule rewrites no history.

use chrono::NaiveDate;

use super::agenda;
use super::event::{Counts, CountsBy};
use super::ledger::{Assignment, Ledger};
use super::light::counts_by;

/// How an acceptance of this day counts: by the day of the claim that stands, the unit's own or that of the
/// unit that answers for all, else by the day that the office says, else by that of the acceptance.
#[must_use]
pub fn accepted(
    ledger: &Ledger,
    assignment: &Assignment,
    said: Option<NaiveDate>,
    today: NaiveDate,
) -> Counts {
    let own = assignment.record.as_deref().and_then(|record| record.standing_claim());
    let claimed_on = own.map(|claim| claim.on).or_else(|| claimed_for(ledger, assignment));
    let done_on = claimed_on.or(said).unwrap_or(today);
    let due = counts_by(assignment);
    let in_time = due.filter(|_| assignment.course.chased).map(|due| done_on <= due);
    Counts { claimed_on, done_on, due, in_time }
}

/// A date for doing work again (退回) extends nothing; one for a matter that had none counts.
#[must_use]
pub fn returned(assignment: &Assignment, new_deadline: Option<NaiveDate>) -> CountsBy {
    CountsBy { due: counts_by(assignment).or(new_deadline) }
}

/// A date that was granted takes the place of the one before.
#[must_use]
pub fn granted(new_deadline: NaiveDate) -> CountsBy {
    CountsBy { due: Some(new_deadline) }
}

/// The day of the standing claim of the unit that answers for all.
fn claimed_for(ledger: &Ledger, assignment: &Assignment) -> Option<NaiveDate> {
    let task = &ledger.task(&assignment.occurrence.task)?.task;
    let mut assigned = ledger.assigned(&assignment.occurrence);
    let answering = assigned.find(|other| agenda::answers_for_all(ledger, task, &other.unit))?;
    answering.record.as_ref()?.standing_claim().map(|claim| claim.on)
}
