//! `events`, `audit …`, `backup`, `restore`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::FormatArg;
use crate::audit::Printed;
use crate::office::history::{AsKnown, Days};
use crate::office::typed::TaskName;

/// `duban events`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  duban events --task machinery-check
  duban events --after 1200 --follow --format json")]
pub struct EventsArgs {
    /// Events after this position
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    pub after: u64,
    /// Events of this task only
    #[arg(long, value_name = "TASK")]
    pub task: Option<TaskName>,
    /// Go on with new events as they come
    #[arg(long)]
    pub follow: bool,
    /// For people, or one line of JSON an event
    #[command(flatten)]
    pub format: FormatArg,
}

/// `duban audit …`
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check both copies: hash chain, gaps, digests of attached files, and what else says what was here
    #[command(after_help = "\
Whoever holds the disk can write everything on it anew. Only what lies elsewhere can show that:
  duban audit verify --against /mnt/usb/duban-2026-11-24
  duban audit verify --printed 1204:3f5a…                  number and hash from a bulletin")]
    Verify {
        /// A data directory or a copied `archive/` [default: the data directory]
        #[arg(value_hint = ValueHint::DirPath)]
        path: Option<PathBuf>,
        /// A backup or a copied archive that was kept elsewhere; may be given more than once
        #[arg(long, value_name = "BACKUP", value_hint = ValueHint::DirPath)]
        against: Vec<PathBuf>,
        /// An event's position and hash as printed in a bulletin; may be given more than once
        #[arg(long, value_name = "POSITION:HASH")]
        printed: Vec<Printed>,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// For each day on which something was due: did a letter go, and if not, why not? Days off included
    #[command(after_help = "\
Examples:
  duban audit days --from 2021-06-01 --until 2021-06-30 --unit police
  duban audit days --from 2021-10-01 --until 2021-10-07 --all")]
    Days {
        /// Which
        #[command(flatten)]
        ask: Days,
        /// A data directory, a backup or a copied `archive/` [default: the daemon's, else the data directory]
        #[arg(value_hint = ValueHint::DirPath)]
        path: Option<PathBuf>,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// Fold all events anew and compare with the running ledger; sends nothing
    Replay {
        /// A data directory or a copied `archive/` [default: the data directory]
        #[arg(value_hint = ValueHint::DirPath)]
        path: Option<PathBuf>,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
    /// Show the ledger as it was known at the end of a day, or after an event
    AsOf {
        /// Which
        #[command(flatten)]
        ask: AsKnown,
        /// A data directory, a backup or a copied `archive/` [default: the daemon's, else the data directory]
        #[arg(value_hint = ValueHint::DirPath)]
        path: Option<PathBuf>,
        /// For people or for programs
        #[command(flatten)]
        format: FormatArg,
    },
}

/// `duban backup`
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// A new directory for the copy
    #[arg(value_hint = ValueHint::DirPath)]
    pub into: PathBuf,
    /// Copy the secrets too (link, session and signing keys)
    #[arg(long)]
    pub with_secrets: bool,
}

/// `duban restore`
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// A backup
    #[arg(value_hint = ValueHint::DirPath)]
    pub from: PathBuf,
}
