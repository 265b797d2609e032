//! Units, plans, tasks, occurrences, ladders, commands, refusals, events and the ledger fold. Pure.

pub mod adoption;
pub mod agenda;
pub mod answer;
pub mod changes;
pub mod command;
mod draft;
mod envelope;
mod event;
mod id;
mod import;
pub mod incoming;
mod ladder;
mod leader;
mod ledger;
pub mod light;
mod light_rules;
pub mod mailing;
pub mod matter;
pub mod naming;
pub mod occurrence;
mod office;
mod plan;
pub mod punctuality;
pub mod quota;
mod recipient;
mod stage;
pub mod text;
mod timeline;
mod unit;

pub use answer::{AnswerItem, Answers, ItemAnswer};
pub use draft::{
    AdoptionTold, Body, Changed, Coming, Draft, HeldLetter, Item, ReceiptPoint, ReceiptTold, ReleaseTold,
    Role, SheetRow, Waiting, Waits, Written,
};
pub use envelope::{Envelope, Outcome, RelayFault};
pub use event::{
    AccountChanged, Actor, ActorKind, Blame, BulletinState, BulletinStep, ChangeNoted, ChaseOrdered,
    Checkpoint, CompletionAccepted, CompletionReturned, Counts, CountsBy, Event, Evidence, EvidenceSubmitted,
    ExtensionGranted, ExtensionRequested, LeaderPageOrdered, LetterKind, MailKind, MatterReclassified,
    Merged, NAMING_EVIDENCE, NewEvent, Opened, PlanOwner, Queued, QueuedItem, Recipient, Recorded, Request,
    Rescheduled, SkipReason, Stream, Submission, Via,
};
pub use id::{
    AssignmentId, BadName, COLLECTION, Digest, LetterId, OccurrenceId, PlanId, ReceiptNo, TaskId, TaskSlug,
    UnitId,
};
pub use import::{Import, ImportNote, ImportedRow, TaskHistory};
pub use incoming::{Bounce, Incoming, IncomingKind};
pub use ladder::{AdoptionRule, Ladder, LadderName, Ladders, OutageRule, OverdueRule};
pub use leader::{LeaderMatter, LeaderPage, PAGE_MATTERS_MAX};
pub use ledger::{
    Answered, Asked, Assignment, Before, BulletinMove, Claim, CollectionAsked, Contact, Deferring, Granted,
    HandedIn, Handled, Kept, Ledger, Letter, LetterProgress, LetterState, MailboxState, Noted, Occurrence,
    PlanState, Progress, Receipt, Received, ReceivedKind, Record, RelayTrouble, SaidKind, Slot, State,
    TaskState, UnitState, Verdict,
};
pub use light_rules::LightRules;
pub use office::{FirstLetters, Letterhead, Office, Release};
pub use plan::{
    Answer, Citation, Collect, Conflict, ConflictAbout, CronDue, Days, Due, DueBasis, LeadBasis, Plan,
    PlanHead, Said, Task, Yearly,
};
pub use stage::{Act, Purpose, Stage, StageKey};
pub use timeline::Course;
pub use unit::{PLACEHOLDER_DOMAIN, UNITS_MAX, Unit, UnitKind, is_member, is_placeholder};
