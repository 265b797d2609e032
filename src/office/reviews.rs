//! What waits for the office: claims, extensions asked for, objections, matters to close out.

use serde::{Deserialize, Serialize};

use super::{Act, Caller, Needs, Office, Refused, UseCase, lists};
use crate::wire::ReviewEntry;

/// `task waiting`: longest first.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Waiting {}

impl UseCase for Waiting {
    type Answer = Vec<ReviewEntry>;
    const NAME: &'static str = "task/waiting";
    const ACT: Act = Act::Read;
    const NEEDS: Needs = Needs::Plans;

    fn answer(self, office: &Office, _: &Caller) -> Result<Vec<ReviewEntry>, Refused> {
        Ok(lists::reviews(&office.ledger()))
    }
}
