//! Transport only: where the bytes of a letter go, and what became of them.
//!
//! It doesn't know what a letter says, and decides nothing: retrying, superseding and recording
//! are the planner's.

mod folder;
mod memory;

pub use folder::FolderMailer;
pub use memory::{Attempt, MemoryMailer};

pub use crate::domain::{Envelope, Outcome};

/// The way letters leave. SMTP joins with its own issue.
#[derive(Debug, Clone)]
pub enum Mailer {
    /// as `.eml` files into a folder
    Folder(FolderMailer),
    /// into memory, for tests and the simulator
    Memory(MemoryMailer),
}

impl Mailer {
    /// Hands a letter over. It never fails: what goes wrong is an outcome.
    pub async fn send(&self, envelope: &Envelope) -> Outcome {
        match self {
            Self::Folder(folder) => folder.send(envelope).await,
            Self::Memory(memory) => memory.send(envelope),
        }
    }
}
