//! `duban.toml`: every key by name, everything else refused, all faults told at once.

use std::fmt;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{LogFormat, Written, mailbox, smtp, web};

/// Lowest port that an unprivileged daemon may take.
const PORT_MIN: u16 = 1024;

/// Longest path of a socket (unix(7): 108 bytes with a nought), less what stands behind it while it is made.
const SOCKET_BYTES_MAX: usize = 103;

/// All keys and tables there are.
const KEYS: &[&str] = &["data", "schedules", "listen", "socket", "mail", "mailbox", "web", "log"];

/// One fault of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultAt {
    /// from 1
    pub line: usize,
    /// from 1, in characters
    pub column: usize,
    /// what is wrong, and what would be right
    pub message: String,
}

impl fmt::Display for FaultAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// Reads the file's text.
///
/// # Errors
/// All faults, from top to bottom.
pub fn parse(text: &str) -> Result<Written, Vec<FaultAt>> {
    let mut reading = Reading { text, faults: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        reading.tell(&error.span().unwrap_or(0..0), error.message().to_owned());
    }
    let mut written = Written::default();
    for (key, value) in table.get_ref() {
        match key.get_ref().as_ref() {
            "data" => written.data = reading.path("data", value),
            "schedules" => written.schedules = reading.path("schedules", value),
            "listen" => written.listen = reading.listen(value),
            "socket" => written.socket = reading.socket(value),
            "mail" => written.mail = smtp::read(&mut reading, value),
            "mailbox" => written.mailbox = mailbox::read(&mut reading, &key.span(), value),
            "web" => written.web = web::read(&mut reading, value),
            "log" => reading.table("log", value, &["format"], |reading, _, value| {
                written.log = reading.log_format(value);
            }),
            other => reading.unknown(other, &key.span(), KEYS),
        }
    }
    if reading.faults.is_empty() {
        Ok(written)
    } else {
        reading.faults.sort_by_key(|fault| (fault.line, fault.column));
        Err(reading.faults)
    }
}

/// The text and what is wrong with it so far.
pub(super) struct Reading<'a> {
    text: &'a str,
    faults: Vec<FaultAt>,
}

impl Reading<'_> {
    /// Faults so far.
    pub(super) fn fault_count(&self) -> usize {
        self.faults.len()
    }

    pub(super) fn tell(&mut self, span: &Range<usize>, message: String) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        self.faults.push(FaultAt {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            message,
        });
    }

    fn unknown(&mut self, key: &str, span: &Range<usize>, known: &[&str]) {
        let near = known.iter().find(|known| strsim::damerau_levenshtein(known, key) <= 2);
        let cure = near.map_or_else(
            || format!("known keys: {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        self.tell(span, format!("unknown key `{key}`; {cure}"));
    }

    pub(super) fn table(
        &mut self,
        name: &str,
        value: &Spanned<DeValue<'_>>,
        known: &[&str],
        mut take: impl FnMut(&mut Self, &str, &Spanned<DeValue<'_>>),
    ) {
        let Some(table) = value.get_ref().as_table() else {
            let first = known.first().unwrap_or(&"…");
            return self.tell(&value.span(), format!("`{name}` is a table: {name} = {{ {first} = \"…\" }}"));
        };
        for (key, value) in table {
            let key_name = key.get_ref().as_ref();
            if known.contains(&key_name) {
                take(self, key_name, value);
            } else {
                self.unknown(key_name, &key.span(), known);
            }
        }
    }

    pub(super) fn string<'v>(
        &mut self,
        name: &str,
        value: &'v Spanned<DeValue<'_>>,
        right: &str,
    ) -> Option<&'v str> {
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Some(text),
            Some(_) => {
                self.tell(&value.span(), format!("`{name}` is empty; {right}, or leave the key out"));
                None
            }
            None => {
                self.tell(&value.span(), format!("`{name}` is a text in quotes; {right}"));
                None
            }
        }
    }

    pub(super) fn path(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Option<PathBuf> {
        self.string(name, value, "name a directory, \"/var/lib/duban\" say").map(PathBuf::from)
    }

    fn socket(&mut self, value: &Spanned<DeValue<'_>>) -> Option<PathBuf> {
        let right = "name a file in a directory of its own, \"/run/duban/duban.sock\" say";
        let path = PathBuf::from(self.string("socket", value, right)?);
        if path.as_os_str().len() > SOCKET_BYTES_MAX {
            let message = format!("the path of a socket has at most {SOCKET_BYTES_MAX} bytes; {right}");
            self.tell(&value.span(), message);
            return None;
        }
        Some(path)
    }

    fn listen(&mut self, value: &Spanned<DeValue<'_>>) -> Option<SocketAddr> {
        let right = "give an address and a port, \"127.0.0.1:8780\" say";
        let text = self.string("listen", value, right)?;
        match text.parse::<SocketAddr>() {
            Err(_) => self.tell(&value.span(), format!("`{text}` is no address; {right}")),
            Ok(at) if !at.ip().is_loopback() => self.tell(
                &value.span(),
                format!(
                    "`{text}` would be open to the network, and nobody logs in on it yet; listen on 127.0.0.1 or [::1], and put a proxy before it if others must see it"
                ),
            ),
            Ok(at) if at.port() == 0 => self.tell(
                &value.span(),
                "port 0 would be another one at each start; give a fixed port, 8780 say".to_owned(),
            ),
            Ok(at) if at.port() < PORT_MIN => self.tell(
                &value.span(),
                format!("port {} needs root, which duban should not be; give one from {PORT_MIN} on", at.port()),
            ),
            Ok(at) => return Some(at),
        }
        None
    }

    fn log_format(&mut self, value: &Spanned<DeValue<'_>>) -> Option<LogFormat> {
        let text = self.string("log.format", value, "give \"text\", \"json\" or \"journald\"")?;
        match text.parse() {
            Ok(format) => Some(format),
            Err(message) => {
                self.tell(&value.span(), message);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_told_at_once_with_their_place() {
        let text =
            "dta = \"x\"\nlisten = \"0.0.0.0:80\"\nmail = { foldr = \"o\" }\nlog = \"json\"\ndata = 3\n";
        let faults = parse(text).unwrap_err();
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "1:1: unknown key `dta`; did you mean `data`?",
                "2:10: `0.0.0.0:80` would be open to the network, and nobody logs in on it yet; listen on 127.0.0.1 or [::1], and put a proxy before it if others must see it",
                "3:10: unknown key `foldr`; did you mean `folder`?",
                "4:7: `log` is a table: log = { format = \"…\" }",
                "5:8: `data` is a text in quotes; name a directory, \"/var/lib/duban\" say",
            ]
        );
    }

    #[test]
    fn odd_settings_are_refused_with_what_would_be_right() {
        let first = |text: &str| parse(text).unwrap_err().remove(0).to_string();
        assert!(first("listen = \"127.0.0.1:0\"").contains("8780"));
        assert!(first("listen = \"127.0.0.1:80\"").contains("1024"));
        assert!(first("listen = \"localhost\"").contains("127.0.0.1:8780"));
        assert!(first("data = \"\"").contains("empty"));
        assert!(first(&format!("socket = \"/{}\"", "a".repeat(103))).contains("at most 103 bytes"));
        assert!(first("log = { format = \"xml\" }").contains("`text`, `json` or `journald`"));
        assert!(first("data = \"a\"\ndata = \"b\"").starts_with("2:"));
    }
}
