//! The unit's page at `/u/TOKEN`: what is asked of a unit, and how it answers. Works without JavaScript.

pub(in crate::web) mod kind;

use std::path::PathBuf;

use crate::link::LinkKey;

/// What the daemon lends the page.
#[derive(Debug)]
pub struct Settings {
    /// opens tokens
    pub key: LinkKey,
    /// the name under which units reach it, beside those of this machine
    pub public_host: String,
    /// directory of drafts
    pub drafts: PathBuf,
    /// largest file
    pub file_bytes_max: u64,
    /// most that all files of one hand-in may hold
    pub request_bytes_max: u64,
}
