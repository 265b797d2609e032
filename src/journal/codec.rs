//! Events to stored lines and back, with the upcasts of old shapes (`docs/journal-format.md`).

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::EVENT_BYTES_MAX;
use super::fault::JournalFault;
use super::line::{Frame, Hash, frame, seal};
use crate::domain::{Actor, Digest, Event, NewEvent, Recorded, Request, Stream};

/// About how much a line holds besides its data.
const LINE_BYTES_AROUND: usize = 480;

/// What of a line its frame does not tell.
#[derive(Deserialize)]
struct Read<'a> {
    recorded_at: DateTime<Utc>,
    occurred_on: Option<NaiveDate>,
    by: Actor,
    cause: Option<u64>,
    request: Option<String>,
    request_digest: Option<Digest>,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// What all events of a batch share.
pub(super) struct Batch {
    pub end: u64,
    recorded_at: DateTime<Utc>,
    recorded_at_text: String,
}

impl Batch {
    /// A batch that ends at this position, recorded now.
    pub(super) fn new(end: u64, now: DateTime<Utc>) -> Self {
        let recorded_at = stored_instant(now);
        let recorded_at_text = recorded_at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
        Self { end, recorded_at, recorded_at_text }
    }
}

/// Where a new event goes.
pub(super) struct Place<'a> {
    pub position: u64,
    pub by: &'a Actor,
    pub cause: Option<u64>,
    pub request: Option<&'a Request>,
    pub stream: &'a str,
    pub version: u64,
    pub prev: Hash,
    pub prev_digest: Digest,
}

/// The stored precision of an instant.
pub(super) fn stored_instant(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// The line of a new event (without line feed), its hash, and the event as it will be read.
pub(super) fn encode(
    batch: &Batch,
    place: &Place<'_>,
    new: NewEvent,
) -> Result<(String, Hash, Recorded), JournalFault> {
    let position = place.position;
    let fault = |what: String| JournalFault::Codec { position, what };
    let json_fault = |e: serde_json::Error| fault(e.to_string());
    let whole = serde_json::to_string(&new.event).map_err(json_fault)?;
    let (kind, data) = whole
        .strip_prefix("{\"type\":\"")
        .and_then(|rest| rest.strip_suffix('}'))
        .and_then(|rest| rest.split_once("\",\"data\":"))
        .ok_or_else(|| fault("an event is not written as type and data".into()))?;
    let mut body = String::with_capacity(whole.len() + LINE_BYTES_AROUND);
    let (end, at) = (batch.end, &batch.recorded_at_text);
    let _ = write!(body, "{{\"position\":{position},\"batch_end\":{end},\"recorded_at\":\"{at}\"");
    if let Some(day) = new.occurred_on {
        let _ = write!(body, ",\"occurred_on\":\"{day}\"");
    }
    let by = serde_json::to_string(place.by).map_err(json_fault)?;
    let _ = write!(body, ",\"by\":{by}");
    if let Some(cause) = place.cause {
        let _ = write!(body, ",\"cause\":{cause}");
    }
    if let Some(request) = place.request {
        let _ = write!(body, ",\"request\":{}", serde_json::to_string(&request.id).map_err(json_fault)?);
        if let Some(digest) = request.digest {
            let _ = write!(body, ",\"request_digest\":\"{digest}\"");
        }
    }
    let (stream, version, v) = (place.stream, place.version, current_v(&new.event));
    let _ = write!(
        body,
        ",\"stream\":\"{stream}\",\"version\":{version},\"type\":\"{kind}\",\"v\":{v},\"data\":"
    );
    body.push_str(data);
    let (line, hash) = seal(body, place.prev);
    if line.len() >= EVENT_BYTES_MAX {
        return Err(JournalFault::EventTooLarge { kind: kind.to_owned(), bytes: line.len() + 1 });
    }
    let recorded = Recorded {
        position,
        batch_end: end,
        recorded_at: batch.recorded_at,
        occurred_on: new.occurred_on,
        by: place.by.clone(),
        cause: place.cause,
        request: place.request.cloned(),
        stream: new.stream,
        version,
        event: new.event,
        prev: place.prev_digest,
        hash: digest(hash),
    };
    Ok((line, hash, recorded))
}

/// The event of a stored line (without line feed), its hash checked, its shape brought to the
/// current one.
pub(super) fn decode(line: &[u8]) -> Result<Recorded, String> {
    let frame = frame(line).ok_or("form or hash is wrong")?;
    let read: Read<'_> = serde_json::from_slice(line).map_err(|e| e.to_string())?;
    Ok(Recorded {
        position: frame.position,
        batch_end: frame.batch_end,
        recorded_at: read.recorded_at,
        occurred_on: read.occurred_on,
        by: read.by,
        cause: read.cause,
        request: read.request.map(|id| Request { id, digest: read.request_digest }),
        stream: frame.stream.parse::<Stream>().map_err(|e| e.to_string())?,
        version: frame.version,
        event: event(&frame, read.data.get())?,
        prev: digest(frame.prev),
        hash: digest(frame.hash),
    })
}

/// A hash as the domain names it.
pub(super) fn digest(hash: Hash) -> Digest {
    Digest::from(hash.bytes())
}

/// What of a line's type or version this duban does not know; `None` if it knows both.
pub(super) fn newer(frame: &Frame<'_>) -> Option<String> {
    match EVENT_TYPES.iter().find(|(kind, _)| *kind == frame.kind) {
        None => Some(format!("event type {} (position {})", frame.kind, frame.position)),
        Some((_, v)) if frame.v > *v || frame.v == 0 => {
            Some(format!("shape {} of event type {} (position {})", frame.v, frame.kind, frame.position))
        }
        Some(_) => None,
    }
}

fn event(frame: &Frame<'_>, data: &str) -> Result<Event, String> {
    if let Some(what) = newer(frame) {
        return Err(format!("{what} was written by a newer duban"));
    }
    let data = match (frame.kind, frame.v) {
        ("OccurrenceOpened", 1) => &occurrence_opened_1_to_2(data)?,
        ("MailReceived", 1) => &mail_received_1_to_2(data)?,
        _ => data,
    };
    let whole = format!("{{\"type\":\"{}\",\"data\":{data}}}", frame.kind);
    serde_json::from_str(&whole).map_err(|e| format!("{} v {}: {e}", frame.kind, frame.v))
}

/// v 1 knew no 力争 and no adoption letter: every occurrence was chased, and had its own notice.
fn occurrence_opened_1_to_2(data: &str) -> Result<String, String> {
    let mut fields: Map<String, Value> = serde_json::from_str(data).map_err(|e| e.to_string())?;
    fields.insert("chased".into(), Value::Bool(true));
    fields.insert("by_adoption".into(), Value::Bool(false));
    Ok(Value::Object(fields).to_string())
}

/// v 1 knew two kinds of mail: by a machine, or not.
fn mail_received_1_to_2(data: &str) -> Result<String, String> {
    let mut fields: Map<String, Value> = serde_json::from_str(data).map_err(|e| e.to_string())?;
    let kind = match fields.remove("automatic") {
        Some(Value::Bool(true)) => "automatic",
        _ => "reply",
    };
    fields.insert("kind".into(), kind.into());
    Ok(Value::Object(fields).to_string())
}

macro_rules! event_types {
    ($($kind:ident $v:literal),* $(,)?) => {
        /// Every event type and the version of its current shape.
        pub(super) const EVENT_TYPES: &[(&str, u32)] = &[$((stringify!($kind), $v)),*];

        /// The version of the event's current shape. A type that is missing here does not compile.
        pub(super) fn current_v(event: &Event) -> u32 {
            match event { $(Event::$kind { .. } => $v),* }
        }
    };
}

event_types! {
    JournalCreated 1, LargeCommandBegun 1, LargeCommandCompleted 1, LargeCommandWithdrawn 1,
    OfficeConfigured 1, LaddersDefined 1, LightRulesDefined 1, WorkingYearPublished 1, ClockCorrected 1,
    UnitRegistered 1, UnitChanged 1, MailboxMended 1, ContactChanged 1, LeaderPageOrdered 1, LinksRevoked 1,
    PlanAdopted 1, PlanHeadChanged 1, PlanFileAdopted 1, PlanImported 1, TaskHistoryImported 1, PlanTakenOver 1,
    PlanStarted 1, PlanClosed 1,
    TaskAdded 1, TaskChanged 1, TaskWithdrawn 1, AwaitingSettled 1, LeadConfirmed 1,
    OccurrenceOpened 2, AssignmentOpened 1, DeadlineChanged 1, ReceiptAcknowledged 1, ProgressReported 1,
    CompletionClaimed 1, CompletionAccepted 2, CompletionReturned 2, AssignmentPaused 1,
    AssignmentResumed 1, AssignmentWithdrawn 1, TaskReopened 2, TaskClosedOut 1,
    AnswersReceived 2, EvidenceSubmitted 1, AssignmentDisputed 1, DisputeSettled 1, ExtensionRequested 1,
    ExtensionGranted 2, ExtensionRefused 1, ChaseOrdered 1, MatterReclassified 2, BulletinMoved 1,
    OccurrenceEnded 1, StagesSkipped 1, StagesMissed 1,
    LetterQueued 2, LetterReleased 1, LetterUnreleased 1, LetterRecalled 1, LetterAccepted 1, LetterDeferred 1, LetterRefused 1, LetterBounced 1,
    MailReceived 2, MailHandled 1,
    LetterUnknown 1, LetterSuperseded 1, LetterResent 1,
    RelayFailed 1, RelayRecovered 1,
    ChangeNoted 1, UnitMembersAsked 1, AccountChanged 1,
}
