//! Tracing set-up: to stderr, compact for people, JSON for machines; or into systemd's journal, where
//! `letter`, `unit` and the other fields can be asked for by name.
//!
//! Habit of the house: no recipient's address in any line; a letter is named by its number and its unit.

mod journald;

use std::io::IsTerminal as _;
use std::path::Path;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::config::{self, ColourWish, LogFormat};
use journald::Journald;

/// What is logged where `RUST_LOG` says nothing.
const FILTER_DEFAULT: &str = "warn,duban=info";
/// Whatever `RUST_LOG` says.
const QUIET: &str = "async_imap=warn";

/// Writes log lines from now on. A second call changes nothing.
pub fn init(format: LogFormat) {
    let wanted = config::log_filter().unwrap_or_else(|| FILTER_DEFAULT.to_owned());
    let filter = EnvFilter::try_new(&wanted);
    let bad = filter.is_err();
    let filter = filter.unwrap_or_else(|_| EnvFilter::new(FILTER_DEFAULT));
    // At `trace` it would write each command down, the login's password too.
    let filter = QUIET.parse().map_or(filter.clone(), |quiet| filter.add_directive(quiet));
    let (lines, no_journald) = lines(format);
    let set = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
    if bad && set.is_ok() {
        tracing::warn!(filter = wanted, "RUST_LOG is no filter; {FILTER_DEFAULT} is used");
    }
    if let Some(cause) = no_journald.filter(|_| set.is_ok()) {
        tracing::warn!(%cause, "systemd's journal can't be reached; log lines go to stderr as text");
    }
}

type Lines = Box<dyn Layer<Registry> + Send + Sync>;

/// Where lines go; with text instead, and why, where there is no journal.
fn lines(format: LogFormat) -> (Lines, Option<std::io::Error>) {
    match format {
        LogFormat::Json => {
            let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
            (lines.json().flatten_event(true).with_current_span(false).boxed(), None)
        }
        LogFormat::Text => (text(), None),
        LogFormat::Journald => match Journald::at(Path::new(journald::SOCKET)) {
            Ok(journal) => (journal.boxed(), None),
            Err(cause) => (text(), Some(cause)),
        },
    }
}

fn text() -> Lines {
    let colour = match config::colour_wish() {
        ColourWish::Auto => std::io::stderr().is_terminal(),
        ColourWish::Never => false,
        ColourWish::Always => true,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    lines.compact().with_target(false).with_ansi(colour).boxed()
}

/// A text of somebody else's, a mail server's answer say, without the addresses in it.
#[must_use]
pub fn hide_addresses(text: &str) -> String {
    let apart = |c: char| c.is_whitespace() || "<>()[]\",;:".contains(c);
    let hidden = |piece: &str| {
        let (word, rest) = piece.split_at(piece.trim_end_matches(apart).len());
        let is_address = word.split_once('@').is_some_and(|(box_, at)| !box_.is_empty() && !at.is_empty());
        if is_address { format!("[address]{rest}") } else { piece.to_owned() }
    };
    text.split_inclusive(apart).map(hidden).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_words_are_told_without_addresses() {
        for (said, told) in [
            ("550 5.1.1 <wang@gov.test>: no such user", "550 5.1.1 <[address]>: no such user"),
            ("550 wang@gov.test unknown", "550 [address] unknown"),
            (
                "RCPT: 551 User not local; try <a@b.test>, <c@d.test>",
                "RCPT: 551 User not local; try <[address]>, <[address]>",
            ),
            ("250 2.0.0 Ok: queued as 4XyZ", "250 2.0.0 Ok: queued as 4XyZ"),
            ("550 @ is no address", "550 @ is no address"),
            ("550 邮箱 王@政府.test 不存在", "550 邮箱 [address] 不存在"),
        ] {
            assert_eq!(hide_addresses(said), told);
        }
    }
}
