//! `task record`: what a unit said on paper, by telephone or the like.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgGroup, Args, ValueEnum, ValueHint};

use super::value::{Matter, day};
use crate::domain::Via;

/// `duban task record`
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("said")
    .required(true)
    .multiple(true)
    .args(["done", "progress", "unchanged", "receipt", "extension", "dispute", "evidence"]))]
pub struct RecordArgs {
    /// Which matter
    #[command(flatten)]
    pub matter: Matter,
    /// How it was said; stays with it for ever
    #[arg(long, value_name = "WAY")]
    pub via: SaidBy,
    /// It was done on this day: asks for 办结; `--text` says how
    #[arg(long, value_name = "DAY", value_parser = day, requires = "text",
        conflicts_with_all = ["progress", "unchanged", "receipt", "extension", "dispute"])]
    pub done: Option<NaiveDate>,
    /// How far it is (反馈)
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["unchanged", "receipt", "extension", "dispute"])]
    pub progress: Option<String>,
    /// Nothing new this month (本月无变化)
    #[arg(long, conflicts_with_all = ["receipt", "extension", "dispute"])]
    pub unchanged: bool,
    /// The letter was received (签收)
    #[arg(long, conflicts_with_all = ["extension", "dispute"])]
    pub receipt: bool,
    /// An extension to this day is asked for; `--reason` says why, `--text` how far it is
    #[arg(long, value_name = "DAY", value_parser = day, requires = "reason", requires = "text",
        conflicts_with = "dispute")]
    pub extension: Option<NaiveDate>,
    /// An objection to lead or date
    #[arg(long, value_name = "TEXT")]
    pub dispute: Option<String>,
    /// How it was done; of an extension, how far it is
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Why an extension is needed
    #[arg(long, value_name = "TEXT", requires = "extension")]
    pub reason: Option<String>,
    /// What hinders it (存在问题)
    #[arg(long, value_name = "TEXT", requires = "progress")]
    pub problem: Option<String>,
    /// What comes next (下步措施)
    #[arg(long, value_name = "TEXT", requires = "progress")]
    pub next_steps: Option<String>,
    /// The day it was said, where another than today
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub said_on: Option<NaiveDate>,
    /// The paper, minutes or picture of the message behind it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub scan: Option<PathBuf>,
    /// Material (印证材料); may be given more than once
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub evidence: Vec<PathBuf>,
    /// Who said it
    #[arg(id = "said_by", long = "name", value_name = "NAME")]
    pub name: Option<String>,
    /// Their post
    #[arg(long, value_name = "POST", requires = "said_by")]
    pub post: Option<String>,
    /// Their telephone
    #[arg(long, value_name = "NUMBER", requires = "said_by")]
    pub phone: Option<String>,
    /// What the office notes beside it
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// How a unit said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SaidBy {
    /// 纸质材料
    Paper,
    /// 电话
    Phone,
    /// 会议
    Meeting,
    /// 即时消息
    Message,
}

impl From<SaidBy> for Via {
    fn from(by: SaidBy) -> Self {
        match by {
            SaidBy::Paper => Self::Paper,
            SaidBy::Phone => Self::Phone,
            SaidBy::Meeting => Self::Meeting,
            SaidBy::Message => Self::Message,
        }
    }
}
