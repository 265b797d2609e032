//! Events of shape 1 whose later shape says what a rule decided: as they are read today.

use super::samples::{all, grown};
use crate::domain::Event;

/// The events of these golden files of shape 1.
pub(super) fn first_shapes() -> Vec<(&'static str, Event)> {
    let mut all = all();
    let with_more = ["TaskReopened-2", "LetterQueued-2"];
    all.extend(grown().into_iter().filter(|(file, _)| with_more.contains(file)).map(|(_, event)| event));
    all.into_iter().filter_map(of_shape_1).collect()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "no other event has grown so")]
fn of_shape_1(event: Event) -> Option<(&'static str, Event)> {
    Some(match event {
        Event::CompletionAccepted(mut accepted) => {
            accepted.counts = None;
            ("CompletionAccepted", Event::CompletionAccepted(accepted))
        }
        Event::CompletionReturned(mut returned) => {
            returned.counts_by = None;
            ("CompletionReturned", Event::CompletionReturned(returned))
        }
        Event::AnswersReceived(mut form) => {
            form.acknowledged = None;
            ("AnswersReceived", Event::AnswersReceived(form))
        }
        Event::ExtensionGranted(mut granted) => {
            granted.again.counts_by = None;
            ("ExtensionGranted", Event::ExtensionGranted(granted))
        }
        Event::MatterReclassified(mut changed) => {
            changed.again.counts_by = None;
            ("MatterReclassified", Event::MatterReclassified(changed))
        }
        Event::LetterQueued(mut queued) => {
            queued.templates = None;
            let file = if queued.receipt.is_some() { "LetterQueued-2" } else { "LetterQueued" };
            (file, Event::LetterQueued(queued))
        }
        Event::MailReceived { letter, message, kind } => {
            ("MailReceived", Event::MailReceived { letter, message, kind })
        }
        Event::TaskReopened { assignment, reason, again: None } => {
            ("TaskReopened", Event::TaskReopened { assignment, reason, again: None })
        }
        Event::TaskReopened { assignment, reason, again: Some(mut again) } => {
            again.counts_by = None;
            ("TaskReopened-2", Event::TaskReopened { assignment, reason, again: Some(again) })
        }
        _ => return None,
    })
}
