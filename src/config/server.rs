//! What `mail` and `mailbox` share in `duban.toml`: a server's address, its encryption, a login whose
//! password stands in a file.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeValue;

use super::file::Reading;
use crate::plain_file;

/// Largest `ca_file` that is read, in bytes: all authorities of the world take a quarter of a megabyte.
pub const CA_FILE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Largest password file that is read, in bytes.
const PASSWORD_FILE_BYTES_MAX: usize = 64 * 1024;
/// Where systemd puts credentials; a password file may begin with it.
pub const CREDENTIALS: &str = "$CREDENTIALS_DIRECTORY/";

/// How the way to a server is encrypted. Never "where possible": that is no protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// begun in clear, then `STARTTLS`, or nothing is sent (RFC 3207, RFC 3501)
    StartTls,
    /// from the first byte (RFC 8314)
    Implicit,
    /// not at all: for a server on the same machine or in a guarded net
    None,
}

impl fmt::Display for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StartTls => "starttls",
            Self::Implicit => "implicit",
            Self::None => "none",
        })
    }
}

/// Who the server must take us for. The password is read from its file at each login, so that a new
/// one needs no new start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// account
    pub user: String,
    /// first line: the password
    pub password_file: PathBuf,
}

impl Login {
    /// A path of the file is meant from the file's directory; a credential from systemd's.
    pub(super) fn based(mut self, base: &Path, credentials: Option<&Path>) -> Self {
        let written = self.password_file.to_string_lossy().into_owned();
        self.password_file = match (written.strip_prefix(CREDENTIALS), credentials) {
            (Some(name), Some(dir)) => dir.join(name),
            // It is told when it is wanted: other commands need no password.
            (Some(_), None) => PathBuf::from(written),
            (None, _) => base.join(&self.password_file),
        };
        self
    }

    /// The password: the first line of its file, as it stands there now.
    ///
    /// # Errors
    /// Why it can't be used, in words for a person.
    pub fn password(&self) -> Result<String, String> {
        let path = &self.password_file;
        let unusable = |why: String| format!("the password file {} can't be used: {why}", path.display());
        let bytes =
            plain_file::read(path, PASSWORD_FILE_BYTES_MAX).map_err(|fault| unusable(fault.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| unusable("it is not UTF-8".to_owned()))?;
        match text.lines().next().filter(|line| !line.is_empty()) {
            Some(password) => Ok(password.to_owned()),
            None => Err(unusable("its first line is empty".to_owned())),
        }
    }
}

/// `host:port`; an IPv6 address holds colons of its own.
pub(super) fn show(f: &mut fmt::Formatter<'_>, host: &str, port: u16) -> fmt::Result {
    if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
}

/// An address as it stands in the file.
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: Option<u16>,
    /// TLS from the first byte
    pub(super) implicit: bool,
}

impl Server {
    pub(super) fn is_this_machine(&self) -> bool {
        let loopback = |address: std::net::IpAddr| address.is_loopback();
        self.host == "localhost" || self.host.parse().is_ok_and(loopback)
    }
}

/// A kind of server: the key of its address, and how one is written.
pub(super) struct Kind {
    /// `mail.smtp`
    pub(super) key: &'static str,
    /// `relay`
    pub(super) noun: &'static str,
    /// `smtp`; with an `s` behind it, TLS from the first byte
    pub(super) scheme: &'static str,
    /// what would be right
    pub(super) right: &'static str,
}

/// Reads an address.
pub(super) fn server(reading: &mut Reading<'_>, kind: &Kind, value: &Spanned<DeValue<'_>>) -> Option<Server> {
    let Kind { key, noun, scheme, right } = kind;
    let written = reading.string(key, value, right)?;
    let (implicit, rest) = match written.split_once("://") {
        Some((said, rest)) if said == *scheme => (false, rest),
        Some((said, rest)) if said.strip_suffix('s') == Some(scheme) => (true, rest),
        Some(_) => {
            reading.tell(&value.span(), format!("`{written}` is no {noun}; {right}"));
            return None;
        }
        None => (false, written),
    };
    if rest.contains('@') {
        let message = "user and password don't belong into the address; set `user` and `password_file`";
        reading.tell(&value.span(), message.to_owned());
        return None;
    }
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let port_read = port.map(str::parse::<u16>);
    let odd = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
    if host.is_empty()
        || host.contains(odd)
        || port_read.as_ref().is_some_and(|port| !matches!(port, Ok(1..)))
    {
        reading.tell(&value.span(), format!("`{written}` is no {noun}; {right}"));
        return None;
    }
    Some(Server { host, port: port_read.and_then(Result::ok), implicit })
}

/// Reads `tls`.
pub(super) fn tls(reading: &mut Reading<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Tls> {
    let right = "give \"starttls\", \"implicit\" or \"none\"";
    match reading.string(key, value, right)? {
        "starttls" => Some(Tls::StartTls),
        "implicit" => Some(Tls::Implicit),
        "none" => Some(Tls::None),
        other => {
            let message = format!("`{other}` is no way to encrypt; {right}");
            reading.tell(&value.span(), message);
            None
        }
    }
}

/// A value and where it stands.
pub(super) type Placed<T> = Option<(T, Range<usize>)>;

/// Puts account and password file together.
pub(super) fn login(
    reading: &mut Reading<'_>,
    table: &str,
    user: Placed<String>,
    password_file: Placed<PathBuf>,
) -> Placed<Login> {
    match (user, password_file) {
        (Some((user, span)), Some((password_file, _))) => Some((Login { user, password_file }, span)),
        (Some((_, span)), None) => {
            let message = format!(
                "`{table}.user` needs `{table}.password_file`: passwords stand in a file of their own"
            );
            reading.tell(&span, message);
            None
        }
        (None, Some((_, span))) => {
            reading.tell(&span, format!("`{table}.password_file` needs `{table}.user`"));
            None
        }
        (None, None) => None,
    }
}

/// Refuses a password that would cross the net in clear.
pub(super) fn guard(reading: &mut Reading<'_>, server: &Server, tls: Tls, user: &Range<usize>) {
    if tls == Tls::None && !server.is_this_machine() {
        let message = "without TLS the password would cross the net for anyone to read; set `tls = \"starttls\"` or `\"implicit\"`";
        reading.tell(user, message.to_owned());
    }
}

/// Reads a text that is not empty.
pub(super) fn text(
    reading: &mut Reading<'_>,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    right: &str,
) -> Option<String> {
    reading.string(key, value, right).map(str::to_owned)
}

/// Reads a number from 1 to `max`.
pub(super) fn number<T>(
    reading: &mut Reading<'_>,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    max: &T,
) -> Option<T>
where
    T: TryFrom<i64> + PartialOrd + fmt::Display,
{
    let written = value.get_ref().as_integer();
    let whole = written.and_then(|written| i64::from_str_radix(written.as_str(), written.radix()).ok());
    let number = whole.filter(|number| *number >= 1).and_then(|number| T::try_from(number).ok());
    let number = number.filter(|number| number <= max);
    if number.is_none() {
        reading.tell(&value.span(), format!("`{key}` is a whole number from 1 to {max}, without quotes"));
    }
    number
}
