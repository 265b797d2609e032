//! Papers of the office, as the journal tells them at the moment they are asked for.

use chrono::NaiveDate;

use super::RehearsalFault;
use crate::audit;
use crate::calendar::Period;
use crate::domain::command::Command;
use crate::domain::{BulletinState, BulletinStep};
use crate::planner::Planner;
use crate::report::bulletin::{Ask, Bulletin, Known};
use crate::report::sheet::Sheet;

/// A paper of the office.
#[derive(Debug, Clone, PartialEq)]
pub enum Paper {
    /// 督查通报, a draft
    Bulletin(Box<Bulletin>),
    /// 台账
    Ledger(Box<Sheet>),
}

/// The bulletin of a month, drafted on a day, and the command that records the draft.
pub(super) fn bulletin(
    planner: &Planner,
    period: Period,
    on: NaiveDate,
) -> Result<(Bulletin, Command), RehearsalFault> {
    let span = (period.first().unwrap_or(on), period.last().unwrap_or(on));
    let around = audit::around(planner.journal().read(0), span, None)?;
    let known = Known { before: &around.before, then: &around.then, now: &around.now, head: around.head };
    let step = BulletinState::Drafted;
    let paper = Bulletin::of(
        known,
        &Ask { period, asked_on: Some(on), number: None, dated: Some(on), plans: Vec::new(), step },
    )?;
    let step = BulletinStep {
        period,
        number: paper.number,
        position: paper.counted.position,
        content: paper.content()?,
        step,
        scan: None,
        note: None,
    };
    Ok((paper, Command::MoveBulletin { step }))
}

/// The ledger on a day, as it is known now. Nobody has a name in a rehearsal.
pub(super) fn ledger(planner: &Planner, on: NaiveDate) -> Paper {
    Paper::Ledger(Box::new(Sheet::of(&planner.ledger().read(), on, &|_| None)))
}
