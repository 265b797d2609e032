//! `/metrics` in Prometheus' text format 0.0.4. Pure: figures in, text out.
//!
//! Numbers only. No unit, person, address or subject stands in a label: any program of the machine
//! can read this page.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use chrono::{DateTime, Utc};

use crate::wire::{Health, MailboxHealth, Standing};

/// What only `/metrics` says, beside [`Health`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// letters ever written, by where they are now
    pub letters: BTreeMap<&'static str, usize>,
    /// letters to units that wait for a person's release
    pub held_to_units: usize,
    /// assignments of which something is still asked
    pub open_assignments: usize,
    /// those of them that are chased and past their deadline
    pub overdue: usize,
    /// inputs in line before the planner
    pub waiting_inputs: usize,
    /// when everything that had come was last done, by the daemon's clock
    pub last_wake: Option<DateTime<Utc>>,
    /// free on the disk of the data directory
    pub free_bytes: Option<u64>,
}

/// `Content-Type` of the page.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The page.
#[must_use]
pub fn page(health: &Health, figures: &Figures) -> String {
    let mut page = Page::default();
    let standing = |of| u8::from(health.status == of);
    page.head("duban_standing", "gauge", "1 for how things stand as a whole, 0 for the others");
    page.labelled("duban_standing", "is", "ok", standing(Standing::Ok));
    page.labelled("duban_standing", "is", "attention", standing(Standing::Attention));
    page.labelled("duban_standing", "is", "stopped", standing(Standing::Stopped));
    page.head("duban_info", "gauge", "version of the program, always 1");
    page.labelled("duban_info", "version", &health.version, 1);

    page.head("duban_letters", "gauge", "letters ever written, by where they are now");
    for (progress, count) in &figures.letters {
        page.labelled("duban_letters", "progress", progress, count);
    }
    page.gauge(
        "duban_relay_at_fault",
        "1 where the mail server takes no letters at all",
        u8::from(health.relay.is_some()),
    );
    page.mailbox(health.mailbox.as_ref());
    page.head("duban_door_answers", "gauge", "1 where the door answers when duban itself asks there");
    for door in &health.doors {
        page.labelled("duban_door_answers", "door", &door.door, u8::from(door.fault.is_none()));
    }
    page.head("duban_door_connections", "gauge", "connections that are open");
    for door in &health.doors {
        page.labelled("duban_door_connections", "door", &door.door, door.connections);
    }
    page.head("duban_letters_held", "gauge", "letters that wait for a person's release, by whom they go to");
    page.labelled("duban_letters_held", "to", "units", figures.held_to_units);
    page.labelled(
        "duban_letters_held",
        "to",
        "leaders",
        health.letters.held.saturating_sub(figures.held_to_units),
    );
    page.gauge(
        "duban_letters_owed",
        "letters that nobody released on their day, and of which something is still asked",
        health.letters.unreleased,
    );
    let bounced = health.letters.bounced.len();
    page.gauge("duban_mailboxes_bounced", "units whose mailbox gave a letter back", bounced);
    page.gauge(
        "duban_answers_unhandled",
        "answers that nobody has marked as handled",
        health.letters.unhandled,
    );
    page.gauge("duban_assignments_open", "assignments of which something is asked", figures.open_assignments);
    page.gauge("duban_assignments_overdue", "open assignments past their deadline", figures.overdue);
    page.gauge("duban_plans_followed", "plans followed", health.plans.followed);

    page.gauge("duban_journal_position", "position of the journal's last event", health.journal.position);
    let recorded = seconds(health.journal.recorded_at);
    page.gauge("duban_journal_recorded_timestamp_seconds", "when it was recorded", recorded);
    page.gauge("duban_store_behind_events", "events the second copy lies behind", health.store.events_behind);
    page.gauge("duban_store_behind_bytes", "bytes the second copy lies behind", health.store.bytes_behind);
    let behind = health.store.behind_since.map_or(0, |since| (health.now - since).num_seconds().max(0));
    page.gauge("duban_store_behind_seconds", "how long the second copy has not caught up", behind);
    let failed = u8::from(health.store.failed.is_some());
    page.gauge("duban_store_failed", "1 where the second copy does not work", failed);
    page.gauge(
        "duban_check_done",
        "1 once the background check of both copies has ended",
        u8::from(health.check.done),
    );
    page.gauge("duban_check_findings", "findings of that check", health.check.findings.len());
    if let Some(at) = health.last_backup {
        page.gauge("duban_backup_timestamp_seconds", "when the last `duban backup` ended", seconds(at));
    }

    if let Some(free) = figures.free_bytes {
        page.gauge("duban_disk_free_bytes", "free on the disk of the data directory", free);
    }
    page.gauge("duban_clock_timestamp_seconds", "the daemon's clock", seconds(health.now));
    page.gauge(
        "duban_clock_held",
        "1 where decisions are held because of the clock",
        u8::from(health.clock_held.is_some()),
    );
    if let Some(at) = figures.last_wake {
        page.gauge(
            "duban_planner_wake_timestamp_seconds",
            "when all that had come was last done",
            seconds(at),
        );
    }
    if let Some(at) = health.next_wake {
        page.gauge("duban_planner_next_timestamp_seconds", "when something is due next", seconds(at));
    }
    page.gauge("duban_planner_waiting_inputs", "inputs in line before the planner", figures.waiting_inputs);
    page.gauge("duban_findings", "where files and ledger disagree", health.findings.len());
    let errors = health.files.faults.iter().filter(|fault| fault.error).count();
    page.gauge("duban_files_errors", "errors in plan files", errors);
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a String can't fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.head(name, "gauge", help);
        let _ = writeln!(self.0, "{name} {value}");
    }

    /// What it is stands there without a mailbox too, but no figure.
    fn mailbox(&mut self, mailbox: Option<&MailboxHealth>) {
        let mut figure = |name: &str, kind: &str, help: &str, value: Option<u64>| {
            self.head(name, kind, help);
            if let Some(value) = value {
                let _ = writeln!(self.0, "{name} {value}");
            }
        };
        let read = mailbox.and_then(|mailbox| u64::try_from(seconds(mailbox.last_round?)).ok());
        let help = "when the mailbox was last read to its end";
        figure("duban_mailbox_read_timestamp_seconds", "gauge", help, read);
        let at_fault = mailbox.map(|mailbox| u64::from(mailbox.fault.is_some()));
        figure("duban_mailbox_at_fault", "gauge", "1 where the mailbox can't be read", at_fault);
        let left = mailbox.map(|mailbox| mailbox.left_unseen as u64);
        let help = "messages that can't be taken in and stay unseen";
        figure("duban_mailbox_left_unseen", "gauge", help, left);
        let help = "messages taken in from the mailbox since the start";
        figure("duban_mailbox_taken_total", "counter", help, mailbox.map(|mailbox| mailbox.taken));
        let help = "looks into the mailbox that failed since the start";
        figure("duban_mailbox_failures_total", "counter", help, mailbox.map(|mailbox| mailbox.failures));
    }

    /// The labels are words of our own: nothing in them needs escaping.
    fn labelled(&mut self, name: &str, label: &str, of: &str, value: impl Display) {
        let _ = writeln!(self.0, "{name}{{{label}=\"{of}\"}} {value}");
    }
}

fn seconds(at: DateTime<Utc>) -> i64 {
    at.timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::CheckHealth;

    fn health() -> Health {
        let at = "2026-11-24T01:00:00Z";
        let health = serde_json::json!({
            "status": "attention", "version": "0.1.0", "now": at, "zone": "Asia/Shanghai",
            "journal": { "id": "01799c2c-9a80-7000-8000-000000000001", "position": 251,
                "hash": "0".repeat(64), "recorded_at": at },
            "store": { "events_behind": 2, "bytes_behind": 1868, "failed": null,
                "behind_since": "2026-11-24T00:48:20Z", "is_late": true },
            "clock_held": null,
            "letters": { "unsettled": 0, "held": 3, "written": 8, "refused": 0, "unreleased": 5,
                "bounced": ["eco-env"], "unhandled": 4 },
            "plans": { "followed": 1, "closed": 3 }, "findings": ["air.toml is missing"],
            "doors": [{ "door": "tcp", "at": "127.0.0.1:8780", "connections": 256, "connections_max": 256,
                "fault": { "words": "no answer within 10 seconds", "since": at } }],
            "files": { "source": "schedules", "broken": [], "faults": [] }, "next_wake": null, "mail": "memory",
        });
        serde_json::from_value(health).unwrap()
    }

    #[test]
    fn figures_become_lines_and_what_is_not_known_is_left_out() {
        let figures = Figures {
            letters: [("accepted", 7), ("deferred", 1)].into(),
            held_to_units: 2,
            open_assignments: 12,
            overdue: 3,
            waiting_inputs: 0,
            last_wake: None,
            free_bytes: Some(3_000_000_000),
        };
        let page = page(&health(), &figures);
        for line in [
            "duban_standing{is=\"ok\"} 0",
            "duban_standing{is=\"attention\"} 1",
            "duban_letters{progress=\"deferred\"} 1",
            "duban_letters_held{to=\"units\"} 2",
            "duban_letters_held{to=\"leaders\"} 1",
            "duban_letters_owed 5",
            "duban_mailboxes_bounced 1",
            "duban_answers_unhandled 4",
            "duban_assignments_open 12",
            "duban_assignments_overdue 3",
            "duban_door_answers{door=\"tcp\"} 0",
            "duban_door_connections{door=\"tcp\"} 256",
            "duban_journal_position 251",
            "duban_store_behind_events 2",
            "duban_store_behind_seconds 700",
            "duban_store_failed 0",
            "duban_clock_timestamp_seconds 1795482000",
            "duban_disk_free_bytes 3000000000",
            "duban_findings 1",
        ] {
            assert!(page.lines().any(|one| one == line), "{line}:\n{page}");
        }
        assert!(!page.lines().any(|line| line.starts_with("duban_mailbox_")), "no mailbox is read:\n{page}");
        for absent in ["duban_backup_timestamp_seconds", "duban_planner_next_timestamp_seconds"] {
            assert!(!page.contains(absent), "{absent}");
        }
        let told = Health {
            last_backup: Some("2026-11-24T01:00:00Z".parse().unwrap()),
            check: CheckHealth { done: true, findings: vec!["x".into()], ..CheckHealth::default() },
            ..health()
        };
        let page = super::page(&told, &figures);
        let mailbox = serde_json::json!({ "mailbox": "INBOX at mail:993", "left_unseen": 2, "taken": 41,
            "last_round": "2026-11-24T01:00:00Z", "failures": 3, "fault": null });
        let read = Health { mailbox: Some(serde_json::from_value(mailbox).unwrap()), ..health() };
        let read = super::page(&read, &figures);
        for line in [
            "duban_mailbox_read_timestamp_seconds 1795482000",
            "duban_mailbox_at_fault 0",
            "duban_mailbox_left_unseen 2",
            "# TYPE duban_mailbox_taken_total counter",
            "duban_mailbox_taken_total 41",
            "duban_mailbox_failures_total 3",
        ] {
            assert!(read.lines().any(|one| one == line), "{line}:\n{read}");
        }
        assert!(page.contains("duban_backup_timestamp_seconds 1795482000\n"));
        assert!(page.contains("duban_check_findings 1\n"));
    }
}
