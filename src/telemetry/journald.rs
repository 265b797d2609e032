//! Log lines for systemd's journal, in its own protocol (<https://systemd.io/JOURNAL_NATIVE_PROTOCOL/>).
//!
//! What `journalctl` shows is the whole line, with the cause of a fault and the number of a letter; and each field can be
//! asked for by its name as well.

use std::fmt::{Debug, Write as _};
use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::Path;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Where every systemd listens.
pub(super) const SOCKET: &str = "/run/systemd/journal/socket";
/// Before a field's name: `journalctl DUBAN_UNIT=eco-env`.
const PREFIX: &str = "DUBAN_";

/// Sends each line to the journal.
#[derive(Debug)]
pub(super) struct Journald(UnixDatagram);

impl Journald {
    pub(super) fn at(socket: &Path) -> io::Result<Self> {
        let line = UnixDatagram::unbound()?;
        line.connect(socket)?;
        Ok(Self(line))
    }
}

impl<S: Subscriber> Layer<S> for Journald {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut told = Told::default();
        event.record(&mut told);
        // A line that is lost is no reason to stop.
        let _ = self.0.send(&told.datagram(event.metadata()));
    }
}

/// What an event says.
#[derive(Debug, Default)]
struct Told {
    message: String,
    fields: Vec<(&'static str, String)>,
}

impl Visit for Told {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, format!("{value:?}"));
    }
}

impl Told {
    fn add(&mut self, field: &Field, value: String) {
        match field.name() {
            "message" => self.message = value,
            name => self.fields.push((name, value)),
        }
    }

    fn datagram(&self, meta: &Metadata<'_>) -> Vec<u8> {
        let mut line = self.message.clone();
        for (name, value) in &self.fields {
            let _ = write!(line, " {name}={value}");
        }
        let mut bytes = Vec::with_capacity(256 + line.len());
        let priority = match *meta.level() {
            Level::ERROR => "3",
            Level::WARN => "4",
            Level::INFO => "6",
            Level::DEBUG | Level::TRACE => "7",
        };
        put(&mut bytes, "PRIORITY", priority);
        put(&mut bytes, "SYSLOG_IDENTIFIER", env!("CARGO_PKG_NAME"));
        put(&mut bytes, "TARGET", meta.target());
        put(&mut bytes, "MESSAGE", &line);
        for (name, value) in &self.fields {
            let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_").to_ascii_uppercase();
            put(&mut bytes, &format!("{PREFIX}{name}"), value);
        }
        bytes
    }
}

/// A value may hold line feeds: its length goes before it.
fn put(bytes: &mut Vec<u8>, name: &str, value: &str) {
    bytes.extend_from_slice(name.as_bytes());
    bytes.push(b'\n');
    bytes.extend_from_slice(&(value.len() as u64).to_le_bytes());
    bytes.extend_from_slice(value.as_bytes());
    bytes.push(b'\n');
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// Reads a datagram as systemd does.
    fn fields(mut bytes: &[u8]) -> BTreeMap<String, String> {
        let mut fields = BTreeMap::new();
        while !bytes.is_empty() {
            let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
            let (name, rest) = (&bytes[..end], &bytes[end + 1..]);
            let length = usize::try_from(u64::from_le_bytes(rest[..8].try_into().unwrap())).unwrap();
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            fields.insert(text(name), text(&rest[8..8 + length]));
            assert_eq!(rest[8 + length], b'\n');
            bytes = &rest[8 + length + 1..];
        }
        fields
    }

    #[test]
    fn a_line_shows_its_cause_and_each_field_has_a_name_of_its_own() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("socket");
        let systemd = UnixDatagram::bind(&path).unwrap();
        let journald = Journald::at(&path).unwrap();
        let letter = "2026-1126-08";
        tracing::subscriber::with_default(tracing_subscriber::registry().with(journald), || {
            tracing::error!(cause = %"the disk is full\nquite", "duban must end");
            tracing::info!(%letter, unit = "eco-env", attempts = 2, "letter taken");
        });
        let mut buffer = [0; 4096];
        let length = systemd.recv(&mut buffer).unwrap();
        let line = fields(&buffer[..length]);
        assert_eq!(line["MESSAGE"], "duban must end cause=the disk is full\nquite");
        assert_eq!(
            (line["DUBAN_CAUSE"].as_str(), line["PRIORITY"].as_str()),
            ("the disk is full\nquite", "3")
        );
        let length = systemd.recv(&mut buffer).unwrap();
        let line = fields(&buffer[..length]);
        assert_eq!(line["MESSAGE"], "letter taken letter=2026-1126-08 unit=eco-env attempts=2");
        assert_eq!((line["DUBAN_UNIT"].as_str(), line["DUBAN_ATTEMPTS"].as_str()), ("eco-env", "2"));
        assert_eq!((line["PRIORITY"].as_str(), line["SYSLOG_IDENTIFIER"].as_str()), ("6", "duban"));
    }
}
