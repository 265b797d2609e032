//! Units, plans, tasks, occurrences, ladders, commands, refusals, events and the ledger fold. Pure.

pub mod adoption;
pub mod agenda;
pub mod command;
mod draft;
mod envelope;
mod event;
mod id;
mod import;
pub mod incoming;
mod ladder;
mod ledger;
pub mod mailing;
pub mod occurrence;
mod office;
mod plan;
mod stage;
mod timeline;
mod unit;

pub use draft::{AdoptionTold, Coming, Draft, Item, Role, SheetRow, Written};
pub use envelope::{Envelope, Outcome, RelayFault};
pub use event::{
    Actor, ActorKind, Blame, Event, LetterKind, Merged, NewEvent, Opened, PlanOwner, Queued, QueuedItem,
    Recipient, Recorded, SkipReason, Stream, Via,
};
pub use id::{
    AssignmentId, BadName, COLLECTION, Digest, LetterId, OccurrenceId, PlanId, TaskId, TaskSlug, UnitId,
};
pub use import::{Import, ImportNote, ImportedRow};
pub use incoming::{Incoming, IncomingKind};
pub use ladder::{AdoptionRule, Ladder, LadderName, Ladders, OutageRule, OverdueRule};
pub use ledger::{
    Assignment, Ledger, LetterProgress, LetterState, MailboxState, Occurrence, PlanState, Received,
    ReceivedKind, RelayTrouble, Slot, State, TaskState, UnitState,
};
pub use office::{Office, Release};
pub use plan::{
    Answer, Citation, Collect, Conflict, ConflictAbout, CronDue, Days, Due, DueBasis, LeadBasis, Plan,
    PlanHead, Said, Task, Yearly,
};
pub use stage::{Stage, StageKey};
pub use unit::{PLACEHOLDER_DOMAIN, Unit, UnitKind, is_placeholder};
