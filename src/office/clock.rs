//! The daemon's clock, after it jumped.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{Act, Caller, Done, Office, Refused, UseCase};
use crate::domain::command::Command;
use crate::locale::message;

/// `clock accept`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// Why it jumped
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

impl UseCase for Accept {
    type Answer = Done;
    const NAME: &'static str = "clock/accept";
    const ACT: Act = Act::Clock;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let command = Command::AcceptClock { reason: self.reason };
        Ok(office.command(caller, 0, command, message("done-clock"))?.into())
    }
}
