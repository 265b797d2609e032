//! Tracing set-up: to stderr, compact for people, JSON for machines.
//!
//! Habit of the house: no recipient's address in a line at info or above; a letter is named by its
//! number and its unit.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::config::{self, ColourWish, LogFormat};

/// What is logged where `RUST_LOG` says nothing.
const FILTER_DEFAULT: &str = "warn,duban=info";

/// Writes log lines to stderr from now on. A second call changes nothing.
pub fn init(format: LogFormat) {
    let wanted = config::log_filter().unwrap_or_else(|| FILTER_DEFAULT.to_owned());
    let filter = EnvFilter::try_new(&wanted);
    let bad = filter.is_err();
    let filter = filter.unwrap_or_else(|_| EnvFilter::new(FILTER_DEFAULT));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let set = match format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(false).try_init(),
        LogFormat::Text => {
            let colour = match config::colour_wish() {
                ColourWish::Auto => std::io::stderr().is_terminal(),
                ColourWish::Never => false,
                ColourWish::Always => true,
            };
            lines.compact().with_target(false).with_ansi(colour).try_init()
        }
    };
    if bad && set.is_ok() {
        tracing::warn!(filter = wanted, "RUST_LOG is no filter; {FILTER_DEFAULT} is used");
    }
}
