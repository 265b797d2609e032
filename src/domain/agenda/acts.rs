//! Letters that answer a person's act, at once and outside the count of clock-driven ones: work
//! returned, the office's other acts, receipts; and the review letter to the office itself.

use std::collections::BTreeMap;

use super::letters::Desk;
use crate::domain::draft::{Body, Item, ReceiptPoint, ReceiptTold, Role};
use crate::domain::event::{Recipient, SkipReason};
use crate::domain::id::{AssignmentId, UnitId};
use crate::domain::ledger::{Assignment, HandedIn, SaidKind};
use crate::domain::stage::{Act, Stage};
use crate::domain::timeline::Planned;

use super::LETTER_ITEMS_MAX;

/// What goes into one letter: the same act, in the same words, to the same unit.
type Alike<'a> = (&'a UnitId, Act, &'a str);

impl Desk<'_> {
    /// Work that came back is told at once, outside the count of clock-driven letters.
    pub(super) fn returned(&mut self) {
        let ledger = self.ledger;
        for assignment in ledger.returns() {
            let stage = Stage::Returned(assignment.returns);
            if self.is_reachable(assignment, stage) {
                let items = self.act_item(assignment, stage).into_iter().collect();
                let to = Recipient::Unit(assignment.unit.clone());
                let reason = assignment.return_pending.clone();
                let last = assignment.record.as_deref().and_then(|record| record.claims.last());
                let claimed = last
                    .and_then(|claim| claim.returned.as_ref())
                    .is_some_and(|(_, why)| Some(why) == reason.as_ref());
                self.write(to, Body::Returned { reason, claimed }, items, Vec::new());
            }
        }
    }

    /// The office's other acts: one letter a unit for all that it did alike.
    pub(super) fn acts(&mut self) {
        let ledger = self.ledger;
        let mut alike: BTreeMap<Alike<'_>, Vec<(&Assignment, Stage)>> = BTreeMap::new();
        for assignment in ledger.acts() {
            for (act, number, words) in assignment.untold_acts() {
                let points = alike.entry((&assignment.unit, *act, words.as_str())).or_default();
                points.push((assignment, Stage::Act(*act, *number)));
            }
        }
        for ((unit, _, words), points) in alike {
            let reachable: Vec<(&Assignment, Stage)> = points
                .into_iter()
                .filter(|(assignment, stage)| self.is_reachable(assignment, *stage))
                .collect();
            for some in reachable.chunks(LETTER_ITEMS_MAX) {
                let items: Vec<Item> =
                    some.iter().filter_map(|(assignment, stage)| self.act_item(assignment, *stage)).collect();
                let words = Some(words.to_owned()).filter(|words| !words.is_empty());
                self.write(Recipient::Unit(unit.clone()), Body::Act(words), items, Vec::new());
            }
        }
    }

    /// What units handed in is acknowledged to their mailbox (回执).
    pub(super) fn receipts(&mut self) {
        let ledger = self.ledger;
        for form in ledger.receipts_due() {
            let told = ReceiptTold {
                receipt: form.receipt(),
                on: form.on,
                via: form.via,
                points: self.receipt_points(form),
            };
            let to = Recipient::Unit(form.submission.unit.clone());
            self.write(to, Body::Receipt(told), Vec::new(), Vec::new());
        }
    }

    /// What waits for the office: one letter a day to its own mailbox, on working days.
    pub(super) fn review(&mut self) {
        let ledger = self.ledger;
        if self.has_letter(&Recipient::Office, ledger.last_office_letter()) {
            return;
        }
        let mut due: Vec<(_, &Assignment)> = ledger
            .reviews_through(self.through)
            .filter_map(|(day, slot)| Some((day, ledger.assignment(slot)?)))
            .collect();
        due.sort_by_key(|(day, assignment)| (assignment.waits_since(), *day));
        due.truncate(LETTER_ITEMS_MAX);
        if due.is_empty() {
            return;
        }
        let items = due.into_iter().filter_map(|(day, assignment)| {
            let planned = Planned { goes_on: self.today, stage: Stage::Review(day) };
            self.facts.item(assignment, planned, Role::Reviewer)
        });
        let items: Vec<Item> = items.collect();
        self.write(Recipient::Office, Body::Review, items, Vec::new());
    }

    fn act_item(&self, assignment: &Assignment, stage: Stage) -> Option<Item> {
        self.facts.item(assignment, Planned { goes_on: self.today, stage }, Role::Lead)
    }

    /// Leaders' pages that a person had written.
    pub(super) fn pages(&mut self) {
        let ledger = self.ledger;
        for (unit, page) in ledger.pages_due() {
            let to = Recipient::LeaderOf(unit.clone());
            self.write(to, Body::Page(page.clone()), Vec::new(), Vec::new());
        }
    }

    /// Whether a letter can go to its unit; where not, the stage ends here.
    fn is_reachable(&mut self, assignment: &Assignment, stage: Stage) -> bool {
        let Some(unit) = self.ledger.unit(&assignment.unit) else { return false };
        let why = if unit.unit.muted {
            SkipReason::Muted
        } else if unit.unit.mailbox.is_none() {
            SkipReason::NoAddress
        } else {
            return true;
        };
        self.end(assignment, &[Planned { goes_on: self.today, stage }], Some(why));
        false
    }

    fn receipt_points(&self, form: &HandedIn) -> Vec<ReceiptPoint> {
        form.submission.assignments.iter().filter_map(|id| self.receipt_point(form, id)).collect()
    }

    fn receipt_point(&self, form: &HandedIn, id: &AssignmentId) -> Option<ReceiptPoint> {
        let ledger = self.ledger;
        let assignment = ledger.assignment(ledger.slot_of(id)?)?;
        let plan = ledger.plan(&id.occurrence.task.plan)?;
        let task = plan.tasks.get(&id.occurrence.task.task)?;
        let said: Vec<SaidKind> =
            form.said.iter().filter(|(said, _)| said == id).map(|(_, kind)| *kind).collect();
        let record = assignment.record.as_deref();
        Some(ReceiptPoint {
            matter: self.facts.of_assignment(assignment, &plan.head, task),
            files: said.iter().filter(|kind| **kind == SaidKind::Evidence).count(),
            done_on: assignment.claimed_done_on().filter(|_| said.contains(&SaidKind::Claim)),
            new_deadline: record
                .and_then(|record| record.extension.as_ref())
                .map(|asked| asked.new_deadline)
                .filter(|_| said.contains(&SaidKind::Extension)),
            said: said.into_iter().filter(|kind| *kind != SaidKind::Evidence).collect(),
        })
    }
}
