//! Why a command was refused: a decision, shown as it is.

use chrono::NaiveDate;

use super::{REASON_BYTES_MAX, UNIT_NAME_CHARS_MAX};
use crate::domain::answer::{ANSWER_BYTES_MAX, ANSWERS_MAX, EVIDENCE_MAX, FILE_NAME_BYTES_MAX};
use crate::domain::event::BulletinState;
use crate::domain::id::{AssignmentId, BadName, LetterId, OccurrenceId, PlanId, TaskId, UnitId};
use crate::domain::leader::PAGE_MATTERS_MAX;
use crate::domain::matter::MatterClass;
use crate::domain::quota::UsedUp;
use crate::domain::unit::UNITS_MAX;

/// Why a command was refused: a decision, shown as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum Refusal {
    #[error("no plan `{0}`; `duban plan list` shows them")]
    NoPlan(PlanId),
    #[error("plan `{0}` exists already")]
    PlanExists(PlanId),
    #[error("sheet `{sheet}` of this very file was imported already, as plan `{plan}`")]
    ImportedAlready { plan: PlanId, sheet: String },
    #[error("plan `{0}` is closed")]
    PlanClosed(PlanId),
    #[error("plan `{0}` is followed already")]
    RunsAlready(PlanId),
    #[error("plan `{plan}` belongs to its file: take `quiet = true` out of `{file}`")]
    StartedByFile { plan: PlanId, file: String },
    #[error("every deadline of plan `{0}` was past when it was taken in: nothing of it is asked of anybody")]
    PlanPast(PlanId),
    #[error("plan `{plan}` already belongs to the {owner}")]
    SameOwner { plan: PlanId, owner: &'static str },
    #[error("no task `{0}`; `duban task list` shows them")]
    NoTask(TaskId),
    #[error("task `{0}` was withdrawn")]
    TaskWithdrawn(TaskId),
    #[error("nothing of `{0}` is open")]
    NothingOpen(TaskId),
    #[error("several periods of `{task}` are open: name one of {periods}")]
    WhichPeriod { task: TaskId, periods: String },
    #[error("`{occurrence}` is not open (it is {state})")]
    NotOpen { occurrence: OccurrenceId, state: &'static str },
    #[error("unit `{unit}` has no part in `{occurrence}`; its units: {units}")]
    NotItsUnit { unit: UnitId, occurrence: OccurrenceId, units: String },
    #[error(
        "`{unit}` has no date of its own in `{task}`: `{answers}` answers there for every lead; name `--unit {answers}`, or no unit, and the date holds for all of them"
    )]
    OneDateForAll { task: TaskId, unit: UnitId, answers: UnitId },
    #[error(
        "`{unit}` does not answer in `{task}`: `{answers}` answers there for every lead; name `--unit {answers}`, or no unit"
    )]
    AnotherAnswers { task: TaskId, unit: UnitId, answers: UnitId },
    #[error("no unit `{0}`; `duban unit list` shows them")]
    NoUnit(UnitId),
    #[error("unit `{0}` exists already: `duban unit set {0} …` changes it")]
    UnitExists(UnitId),
    #[error("`{name}` is a name of unit `{unit}` already: a name leads to one unit")]
    NameTaken { name: String, unit: UnitId },
    #[error("there would be {count} units; at most {UNITS_MAX} fit")]
    TooManyUnits { count: usize },
    #[error("`{0}` is a single unit: only a collective has members")]
    NotACollective(UnitId),
    #[error("`{unit}` would be a member of itself, by way of {way}")]
    MemberOfItself { unit: UnitId, way: String },
    #[error("the deadline is {0} already")]
    SameDeadline(NaiveDate),
    #[error("task `{0}` waits for no date; its due is already settled")]
    NotAwaiting(TaskId),
    #[error("`{0}` settles nothing: give a date, a cadence or a window")]
    NotADate(String),
    #[error("the lead of `{0}` is not assumed; a file or `plan take-over` changes it")]
    NotAssumed(TaskId),
    #[error("the new date {new} lies before today, {today}")]
    DatePast { new: NaiveDate, today: NaiveDate },
    #[error("`{0}` is paused already")]
    AlreadyPaused(OccurrenceId),
    #[error("`{0}` is not paused")]
    NotPaused(OccurrenceId),
    #[error("a {0} is needed")]
    Missing(&'static str),
    #[error("`{field}` holds the character U+{character:04X}, which nobody sees")]
    Hidden { field: String, character: u32 },
    #[error("the {what} has {bytes} bytes; at most {REASON_BYTES_MAX} fit")]
    TooLong { what: &'static str, bytes: usize },
    #[error("what is asked would take an event of {bytes} bytes; at most {max} fit")]
    EventTooLong { bytes: usize, max: usize },
    #[error(
        "there is no room for it: {needs_bytes} bytes must be free for it and what may come, {free_bytes} are; free some space and hand it over again"
    )]
    NoRoom { needs_bytes: u64, free_bytes: u64 },
    #[error("no letter {0}; `duban letter list` shows them")]
    NoLetter(LetterId),
    #[error("letter {0} waits for no release")]
    NotHeld(LetterId),
    #[error("letter {letter} stays held: {unit} is muted; `duban unit set {unit} --unmute` first")]
    Muted { letter: LetterId, unit: UnitId },
    #[error("letter {0} was not released on its day: its points go with the unit's next letter")]
    NotReleased(LetterId),
    #[error(
        "letter {0} was recalled before its release: what it says had changed; what is still to be told stands in a new one, see `duban letter list`"
    )]
    Recalled(LetterId),
    #[error("letter {0} still waits for its release; `duban letter release {0}` lets it go")]
    StillHeld(LetterId),
    #[error("letter {letter} was replaced by {by}")]
    Superseded { letter: LetterId, by: LetterId },
    #[error("no mail came in with event {0}; `duban intake list` shows them")]
    NoMail(u64),
    #[error("the message of event {received} was marked as handled by {by} on {on}")]
    HandledAlready { received: u64, by: String, on: NaiveDate },
    #[error("nothing is known against the mailbox of `{0}`")]
    NothingAgainst(UnitId),
    #[error(
        "request id `{request}` stands for what event {position} records, and this asks for something else; nothing was done: ask under an id of its own"
    )]
    RequestReused { request: String, position: u64 },
    #[error("the clock is not held")]
    ClockNotHeld,
    #[error("`{0}` is no mailbox: expected name@domain without spaces")]
    BadMailbox(String),
    #[error("the unit's {what} has {chars} characters: one line of 1 to {UNIT_NAME_CHARS_MAX} fits")]
    BadUnitName { what: &'static str, chars: usize },
    #[error("`{assignment}`: {why}")]
    InAnswer { assignment: AssignmentId, why: Box<Refusal> },
    #[error("`{title}`: {why}")]
    InMatter { title: String, why: Box<Refusal> },
    #[error("nothing is said: answer one matter at least")]
    NothingSaid,
    #[error(
        "{count} matters are answered at once; at most {ANSWERS_MAX}: hand in the rest with a second form"
    )]
    TooManyAnswers { count: usize },
    #[error("{0} today; more is taken tomorrow, and what the office itself records is taken now")]
    LinkUsedUp(UsedUp),
    #[error("the matter is answered twice in one form")]
    AnsweredTwice,
    #[error("`{0}` is not asked of this unit")]
    ForeignMatter(AssignmentId),
    #[error("a collection is answered by reporting on its matters")]
    AnswerItsMatters,
    #[error("a time to avoid is only foretold: there is nothing to complete")]
    OnlyForetold,
    #[error("{day} lies after today, {today}")]
    DayAhead { day: NaiveDate, today: NaiveDate },
    #[error("it can't have been done on {done_on}, after it was said on {said_on}")]
    DoneAfterSaid { done_on: NaiveDate, said_on: NaiveDate },
    #[error("completion has been claimed already and waits for review")]
    ClaimedAlready,
    #[error("the matter has no date that could be extended")]
    NoDeadline,
    #[error("the date {deadline} is fixed: no extension can be asked for or granted")]
    FixedDeadline { deadline: NaiveDate },
    #[error("an extension has been asked for already and waits for the office")]
    ExtensionWaits,
    #[error(
        "an extension is asked for before the deadline, which was {deadline}; report progress and its reason instead"
    )]
    ExtensionLate { deadline: NaiveDate },
    #[error("the new date {new} does not lie after the present one, {deadline}")]
    NoExtension { new: NaiveDate, deadline: NaiveDate },
    #[error("the {what} has {bytes} bytes; at most {ANSWER_BYTES_MAX} fit")]
    AnswerTooLong { what: &'static str, bytes: usize },
    #[error("{count} files come with one matter; at most {EVIDENCE_MAX}")]
    TooManyFiles { count: usize },
    #[error("`{0}` is no file name: no path, no control characters, at most {FILE_NAME_BYTES_MAX} bytes")]
    FileName(String),
    #[error("the file `{0}` is empty")]
    EmptyFile(String),
    #[error("no {0} waits there")]
    NothingAsked(&'static str),
    #[error("no unit has claimed `{0}`: name one (`--unit`) to rule on work that nobody claimed")]
    NothingClaimed(TaskId),
    #[error("nobody is to be chased for `{0}`: it is claimed, paused or over; nobody was chased")]
    NotChased(OccurrenceId),
    #[error("nothing of `{0}` is accepted")]
    NotAccepted(TaskId),
    #[error("`{0}` is no assigned matter: a plan's task ends when it is accepted")]
    NotAMatter(TaskId),
    #[error("task `{0}` exists already")]
    TaskExists(TaskId),
    #[error("a matter with number {number} on the platform exists already: `{task}`")]
    MatterExists { number: String, task: TaskId },
    #[error("a dated plan belongs to a complex matter: assign it as complex")]
    DatedPlanIsComplex,
    #[error("it is {} already", match .0 { MatterClass::Ordinary => "ordinary", MatterClass::Complex => "complex" })]
    ClassAlready(MatterClass),
    #[error("it bears the mark `{0}`: secret items must not be kept or mailed here; nothing was recorded")]
    Secret(&'static str),
    #[error("no leader is known of `{0}`: `duban unit set {0} --leader-name … --leader-mailbox …`")]
    NoLeader(UnitId),
    #[error("nothing of the leader's units is red or yellow: there is no page to send for `{0}`")]
    NothingForLeader(UnitId),
    #[error("the page holds {matters} matters; at most {PAGE_MATTERS_MAX} go to a leader")]
    PageTooLong { matters: usize },
    #[error("letter {letter} to the leader of `{unit}` waits for its release already")]
    PageHeld { unit: UnitId, letter: LetterId },
    #[error("{0}")]
    BadName(BadName),
    #[error("bulletin {period} can't be {} now: it is {}; {}", word(Some(*.step)), word(*.state), next_step(*.state))]
    BulletinOrder { period: String, step: BulletinState, state: Option<BulletinState> },
    #[error(
        "bulletin {0} is not the one that was drafted: other options, or figures that duban counts otherwise since an upgrade; draft it anew with `--step drafted`, then check and sign it"
    )]
    BulletinChanged(String),
}

fn next_step(state: Option<BulletinState>) -> &'static str {
    match state {
        None => "`--step drafted` comes first",
        Some(BulletinState::Drafted) => "`--step checked` comes next, or a new draft",
        Some(BulletinState::Checked) => "`--step signed` comes next, or a new draft",
        Some(BulletinState::Signed) => "`--step issued` comes next",
        Some(BulletinState::Issued) => "nothing follows",
    }
}

fn word(state: Option<BulletinState>) -> &'static str {
    match state {
        None => "not drafted",
        Some(BulletinState::Drafted) => "drafted",
        Some(BulletinState::Checked) => "checked",
        Some(BulletinState::Signed) => "signed",
        Some(BulletinState::Issued) => "issued",
    }
}
