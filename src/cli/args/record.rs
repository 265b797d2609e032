//! `task record`: what a unit said on paper, by telephone or the like.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueHint};

use crate::office::behalf::Said;

/// `duban task record`
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what")
    .required(true)
    .multiple(true)
    .args(["done", "progress", "unchanged", "receipt", "extension", "dispute", "evidence"]))]
pub struct RecordArgs {
    /// What was said
    #[command(flatten)]
    pub said: Said,
    /// The paper, minutes or picture of the message behind it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub scan: Option<PathBuf>,
    /// Material (印证材料); may be given more than once
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub evidence: Vec<PathBuf>,
}
