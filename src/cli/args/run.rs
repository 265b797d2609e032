//! `serve`, `check`, `preview`, `rehearse`.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueHint};

use super::{Format, FormatArg};
use crate::config::LogFormat;
use crate::office::forecast::Preview;
use crate::office::typed::{DaySpan, day};

/// `duban serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address of /healthz and /metrics; port 0 takes a free one [default: 127.0.0.1:8780]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Log lines for people (`text`), for machines (`json`), or to systemd's journal (`journald`)
    /// [default: `journald` where systemd runs it, else `text`]
    #[arg(long, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// `duban check`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  duban check                        all of ./schedules
  duban check schedules/air.toml     one plan
  duban check --format json | jq '.coverage.plans[].awaiting'

Exits with 1 where a file has an error; warnings and gaps in the coverage leave it at 0.")]
pub struct CheckArgs {
    /// A directory of plan files, or one plan [default: the directory of `--schedules`]
    #[arg(value_hint = ValueHint::AnyPath)]
    pub path: Option<PathBuf>,
    /// For people or for programs
    #[command(flatten)]
    pub format: FormatArg,
}

/// `duban preview`
#[derive(Debug, Args)]
#[command(after_help = "\
Plan files alone: each plan counts as adopted at the sending hour of the day it was issued, and
nothing as answered. With `--live` the running daemon tells its own future instead.

Examples:
  duban preview --from 2021-05-24 --until 2021-07-10 --unit eco-env
  duban preview --from 2026-01-01 --until 2026-12-31 --format json")]
pub struct PreviewArgs {
    /// Which letters
    #[command(flatten)]
    pub ask: Preview,
    /// Ask the running daemon, with all that was answered so far
    #[arg(long)]
    pub live: bool,
    /// For people or for programs
    #[command(flatten)]
    pub format: FormatArg,
}

/// `duban rehearse`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  duban rehearse --from 2021-05-24 --until 2022-03-31
  duban rehearse --from 2021-05-24 --until 2022-03-31 --down 2021-06-20..2021-07-05 --into /tmp/rehearsal
  duban rehearse --from 2021-05-24 --until 2021-09-10 --script units.toml --out /tmp/papers

Exits with 1 where the journal is not sound, or the script came out otherwise than it says.")]
pub struct RehearseArgs {
    /// First day
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub from: NaiveDate,
    /// Last day, included
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub until: NaiveDate,
    /// Days on which the daemon is down, both included; may be given more than once
    #[arg(long, value_name = "DAY..DAY")]
    pub down: Vec<DaySpan>,
    /// Who answers and rules, and when; docs/rehearse.md shows the format. Nobody does without one
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub script: Option<PathBuf>,
    /// Write papers here: the bulletins and ledgers that the script asks for, and the last day's ledger
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Leave the data directory here: journal, letters, outbox
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub into: Option<PathBuf>,
    /// `table` sums up by month and unit; `json` has the rows of `preview --format json` and all figures
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: Format,
}
