//! Golden lines: what was stored once is read for ever, and written the same way.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;

use super::every_event as all;
use super::first_shapes::first_shapes;
use super::samples::{at, day, grown, name, of_later_cadences};
use crate::domain::{
    Actor, ActorKind, CompletionAccepted, Digest, Event, NewEvent, Recorded, Request, Stream, Via,
};
use crate::journal::codec::{self, Batch, EVENT_TYPES, Place, current_v, decode, encode};
use crate::journal::line::{Hash, frame, seal};

fn golden(v: u32, kind: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/events/v{v}/{kind}.json"))
}

fn kind(event: &Event) -> String {
    let value = serde_json::to_value(event).unwrap();
    value["type"].as_str().unwrap().to_owned()
}

/// The line in which a golden file holds this event.
fn stored(event: Event) -> (String, Recorded) {
    let by = Actor { kind: ActorKind::Admin, name: "wang".into(), via: Via::Cli };
    let request = Request { id: "7f9c \"请求\"".into(), digest: None };
    let place = Place {
        position: 7,
        by: &by,
        cause: Some(3),
        request: Some(&request),
        version: 4,
        stream: &stream(&event).to_string(),
        prev: Hash::of(b"before"),
        prev_digest: Digest::of(b"before"),
    };
    let batch = Batch::new(9, at("2021-06-23T01:00:00.018233Z"));
    let new = NewEvent { stream: stream(&event), occurred_on: Some(day("2021-06-22")), event };
    let (line, _, recorded) = encode(&batch, &place, new).unwrap();
    (line, recorded)
}

fn stream(event: &Event) -> Stream {
    let text = match kind(event).as_str() {
        "OccurrenceOpened" => "plan/yangcheng-2021-air",
        "AnswersReceived" | "ContactChanged" | "LinksRevoked" | "LeaderPageOrdered" => "unit/eco-env",
        "LightRulesDefined" | "BulletinMoved" => "office",
        k if k.starts_with("Letter") => "letter/2021-0623-07",
        k if k.starts_with("Unit") || k.starts_with("Mailbox") => "unit/eco-env",
        "MailHandled" => "letter/2021-0623-07",
        k if ["Account", "Journal", "Large", "Office", "Ladders", "Working", "Clock", "Relay"]
            .iter()
            .any(|p| k.starts_with(p)) =>
        {
            "office"
        }
        _ => "plan/yangcheng-2021-air",
    };
    name(text)
}

#[test]
fn every_type_has_a_golden_line_that_reads_and_writes_as_it_did() {
    let events = all();
    let kinds: Vec<String> = events.iter().map(kind).collect();
    assert_eq!(kinds, EVENT_TYPES.iter().map(|(k, _)| *k).collect::<Vec<_>>());
    for event in events {
        let (kind, v) = (kind(&event), current_v(&event));
        let (line, recorded) = stored(event);
        let path = golden(v, &kind);
        let bytes = fs::read_to_string(&path).unwrap_or_else(|_| {
            panic!(
                "no golden line for {kind} v {v}; once its shape is final, store {}:\n{line}",
                path.display()
            )
        });
        assert_eq!(decode(bytes.trim_end().as_bytes()).unwrap(), recorded, "{kind}");
        assert_eq!(bytes.trim_end(), line, "{kind}");
    }
}

#[test]
fn what_has_grown_optional_fields_reads_and_writes_with_and_without_them() {
    for (file, event) in grown().into_iter().chain(of_later_cadences()) {
        let v = current_v(&event);
        let (line, recorded) = stored(event);
        let path = golden(v, file);
        let bytes = fs::read_to_string(&path).unwrap_or_else(|_| {
            panic!("no golden line {file}; once its shape is final, store {}:\n{line}", path.display())
        });
        assert_eq!(decode(bytes.trim_end().as_bytes()).unwrap(), recorded, "{file}");
        assert_eq!(bytes.trim_end(), line, "{file}");
    }
}

#[test]
fn the_first_shape_of_an_opened_occurrence_is_upcast() {
    let bytes = fs::read_to_string(golden(1, "OccurrenceOpened")).unwrap();
    let line = bytes.trim_end().as_bytes();
    assert_eq!(frame(line).unwrap().v, 1);
    let Event::OccurrenceOpened(opened) = decode(line).unwrap().event else { panic!() };
    assert!(opened.chased && !opened.by_adoption);
    let current = fs::read_to_string(golden(2, "OccurrenceOpened")).unwrap();
    assert_eq!(decode(current.trim_end().as_bytes()).unwrap().event, Event::OccurrenceOpened(opened));
}

#[test]
fn the_first_shapes_read_as_ones_that_say_nothing_of_what_came_later() {
    let first = first_shapes();
    assert_eq!(first.len(), 10);
    for (file, event) in first {
        let bytes = fs::read_to_string(golden(1, file)).unwrap();
        let line = bytes.trim_end().as_bytes();
        assert_eq!((frame(line).unwrap().v, current_v(&event)), (1, 2), "{file}");
        assert_eq!(decode(line).unwrap().event, event, "{file}");
    }
}

#[test]
fn what_a_newer_duban_wrote_is_refused() {
    let (line, _) = stored(Event::LargeCommandBegun { events: 1 });
    let body = &line[..line.find(",\"prev\"").unwrap()];
    for (from, to) in [("\"v\":1", "\"v\":2"), ("LargeCommandBegun", "LetterBurnt")] {
        let (newer, _) = seal(body.replace(from, to), Hash::ZERO);
        assert!(codec::newer(&frame(newer.as_bytes()).unwrap()).is_some());
        assert!(decode(newer.as_bytes()).unwrap_err().contains("newer duban"));
    }
}

#[test]
fn the_examples_of_the_format_page_are_a_chain() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/journal-format.md")).unwrap();
    let examples = page.split("```jsonl\n").nth(1).unwrap().split("```").next().unwrap();
    let mut prev = None;
    for (at, line) in examples.lines().enumerate() {
        let recorded = decode(line.as_bytes()).unwrap();
        assert_eq!(recorded.position, at as u64 + 1);
        assert_eq!(prev.unwrap_or(recorded.prev), recorded.prev);
        prev = Some(recorded.hash);
    }
    let shapes = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let [old, new] = shapes.lines().collect::<Vec<_>>()[..] else { panic!() };
    let (line, _) = stored(all().into_iter().find(|e| kind(e) == "OccurrenceOpened").unwrap());
    let body = &line[..line.find("\"v\":2").unwrap()];
    let read = |v: u32, data: &str| {
        let (line, _) = seal(format!("{body}\"v\":{v},\"data\":{data}"), Hash::ZERO);
        decode(line.as_bytes()).unwrap().event
    };
    assert_eq!(read(1, old), read(2, new));
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![".*", "[\\\\\"{},:]{0,20}", "(,\"stream\":\"|,\"hash\":\"|汉字|\n|\u{2028}){0,6}"]
}

fn any_event() -> impl Strategy<Value = Event> {
    let assignment = || name("p/t/2021-W26/u");
    prop_oneof![
        (words(), words()).prop_map(move |(text, problem)| Event::ProgressReported {
            assignment: assignment(),
            text,
            problem: Some(problem),
            next_steps: None,
            unchanged: false,
        }),
        words().prop_map(|reason| Event::PlanClosed { reason }),
        any::<u64>().prop_map(|events| Event::LargeCommandBegun { events }),
        proptest::option::of(words()).prop_map(move |remark| Event::CompletionAccepted(CompletionAccepted {
            assignment: assignment(),
            remark,
            counts: None
        })),
        proptest::sample::select(all()),
    ]
}

proptest! {
    #[test]
    fn whatever_is_written_reads_back(
        event in any_event(), who in words(), id in proptest::option::of(words()), with_digest in any::<bool>(),
        cause in proptest::option::of(any::<u64>()), micros in 0..4_102_444_800_000_000_i64,
        position in 1..u64::MAX, version in any::<u64>(),
    ) {
        let by = Actor { kind: ActorKind::Unit, name: who, via: Via::Link };
        let request = id.map(|id| Request { digest: with_digest.then(|| Digest::of(id.as_bytes())), id });
        let recorded_at = chrono::DateTime::from_timestamp_micros(micros).unwrap();
        let place = Place {
            position, by: &by, cause, request: request.as_ref(), version,
            stream: &stream(&event).to_string(), prev: Hash::ZERO, prev_digest: Digest::ZERO,
        };
        let batch = Batch::new(position, recorded_at);
        let new = NewEvent { stream: stream(&event), occurred_on: None, event };
        let (line, hash, recorded) = encode(&batch, &place, new).unwrap();
        prop_assert!(!line.contains('\n'));
        prop_assert_eq!(frame(line.as_bytes()).unwrap().hash, hash);
        prop_assert_eq!(decode(line.as_bytes()).unwrap(), recorded);
    }
}

#[test]
fn a_request_stands_with_the_digest_of_what_it_asked() {
    let by = Actor { kind: ActorKind::Admin, name: "wang".into(), via: Via::Phone };
    let request = Request { id: "r-1".into(), digest: Some(Digest::of(b"asked")) };
    let event = Event::LargeCommandBegun { events: 1 };
    let place = Place {
        position: 7,
        by: &by,
        cause: None,
        request: Some(&request),
        version: 4,
        stream: "office",
        prev: Hash::ZERO,
        prev_digest: Digest::ZERO,
    };
    let new = NewEvent { stream: Stream::Office, occurred_on: None, event };
    let (line, _, recorded) = encode(&Batch::new(7, at("2021-06-23T01:00:00Z")), &place, new).unwrap();
    let stored = concat!(
        r#""via":"phone"},"request":"r-1","request_digest":"#,
        r#""c66790da5943c4466dd80634deb63f4e19f07e7f81624f222b86fecf9fff6445","stream":"office""#
    );
    assert!(line.contains(stored), "{line}");
    assert_eq!(decode(line.as_bytes()).unwrap(), recorded);
    assert_eq!(recorded.request, Some(request));
    let older = fs::read_to_string(golden(1, "PlanClosed")).unwrap();
    let older = decode(older.trim_end().as_bytes()).unwrap().request;
    assert_eq!(older, Some(Request { id: "7f9c \"请求\"".into(), digest: None }), "of before");
}
