//! Letters that do not get through.

use chrono::TimeDelta;

use super::{Case, Finding, Life, Topic, count, some_of};
use crate::wire::LetterEntry;

/// As often tried, a letter that waits is a finding: the first minutes of a relay's restart are none.
const ATTEMPTS_MIN: u32 = 3;
/// A letter refused longer ago is history.
const REFUSED_AGE_MAX: TimeDelta = TimeDelta::days(14);

pub(super) fn examine(case: &Case) -> Topic {
    let letters = match &case.letters {
        Ok(letters) => letters,
        Err(why) => return Topic::new("letters", why, Vec::new()),
    };
    let of = |progress: &[&str]| -> Vec<&LetterEntry> {
        letters.iter().filter(|letter| progress.contains(&letter.progress.as_str())).collect()
    };
    let (waiting, held) = (of(&["queued", "deferred", "unknown"]), of(&["held"]));
    let mut refused = of(&["refused"]);
    refused.retain(|letter| case.now - letter.dated <= REFUSED_AGE_MAX);
    let mut findings = Vec::new();
    let stuck: Vec<&LetterEntry> =
        waiting.iter().copied().filter(|letter| letter.attempts >= ATTEMPTS_MIN).collect();
    if let Some(last) = stuck.last() {
        let reply = last.reply.as_deref().unwrap_or("no answer");
        findings.push(Finding::new(
            format!(
                "{} tried {ATTEMPTS_MIN} times or more and not taken; the last answer: {reply}",
                waits(stuck.len())
            ),
            numbers(&stuck),
            "they go by themselves once the mail server takes them (docs/operate.md, “The relay is dead”)",
        ));
    }
    if let Some(last) = refused.last() {
        let reply = last.reply.as_deref().unwrap_or("no answer");
        findings.push(Finding::new(
            format!(
                "{} refused for good within {} days; the last answer: {reply}",
                were(refused.len()),
                REFUSED_AGE_MAX.num_days()
            ),
            numbers(&refused),
            "correct the address with `duban unit set`, then `duban letter resend LETTER --reason …`",
        ));
    }
    // A mailbox that was corrected since has its letters sent again, or by the next one.
    let marked = match &case.life {
        Life::Running(health) => health.letters.bounced.as_slice(),
        Life::Stopped(_) | Life::Fresh => &[],
    };
    if !marked.is_empty() {
        let units: Vec<String> = marked.iter().map(ToString::to_string).collect();
        findings.push(Finding::new(
            format!("a letter came back from {}", count(units.len(), "unit")),
            some_of(&units),
            "`duban unit set UNIT --mailbox ADDRESS` (or `--mailbox-works`, where it was mended), then `duban letter resend LETTER --reason …`",
        ));
    }
    if !held.is_empty() {
        findings.push(Finding::note(
            format!("{} for a person's release", waits(held.len())),
            numbers(&held),
            "`duban letter show LETTER`, then `duban letter release LETTER`",
        ));
    }
    let summary = format!("{}, {} on their way", count(letters.len(), "letter"), waiting.len());
    Topic::new("letters", summary, findings)
}

fn waits(number: usize) -> String {
    format!("{} {}", count(number, "letter"), if number == 1 { "waits" } else { "wait" })
}

fn were(number: usize) -> String {
    format!("{} {}", count(number, "letter"), if number == 1 { "was" } else { "were" })
}

fn numbers(letters: &[&LetterEntry]) -> String {
    some_of(&letters.iter().map(|letter| letter.letter.to_string()).collect::<Vec<_>>())
}
