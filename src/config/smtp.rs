//! How letters leave by SMTP: the keys of `mail` in `duban.toml`, and what is meant where one is left out.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeValue;

use super::file::Reading;

/// Connections to the relay, if nothing else is said.
pub const CONNECTIONS_DEFAULT: usize = 4;
/// Most connections that may be asked for; more is an attack on one's own relay.
pub const CONNECTIONS_MAX: usize = 64;
/// Letters on their way to one domain at once, if nothing else is said.
pub const AT_ONCE_PER_DOMAIN_DEFAULT: usize = 2;
/// Most letters a minute to one domain that may be asked for.
pub const PER_MINUTE_PER_DOMAIN_MAX: u32 = 60_000;
/// Where systemd puts credentials; a password file may begin with it.
pub const CREDENTIALS: &str = "$CREDENTIALS_DIRECTORY/";

/// All keys of `mail`.
pub(super) const KEYS: &[&str] = &[
    "folder",
    "smtp",
    "tls",
    "user",
    "password_file",
    "from",
    "hello",
    "ca_file",
    "connections",
    "at_once_per_domain",
    "per_minute_per_domain",
];

/// How the way to the relay is encrypted. Never "where possible": that is no protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// begun in clear, then `STARTTLS`, or nothing is sent (RFC 3207)
    StartTls,
    /// from the first byte (RFC 8314)
    Implicit,
    /// not at all: for a relay on the same machine or in a guarded net
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

/// Who the relay must take us for. The password is read from its file at each login, so that a new
/// one needs no new start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// account
    pub user: String,
    /// first line: the password
    pub password_file: PathBuf,
}

/// A relay, and how to treat it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// name or address; the certificate must be for it
    pub host: String,
    /// 587, 465 or 25, as a rule
    pub port: u16,
    /// encryption
    pub tls: Tls,
    /// none: the relay knows us by our address
    pub login: Option<Login>,
    /// envelope sender, where bounces go; the office's own address where `None`
    pub from: Option<String>,
    /// our name in EHLO; our address where `None`
    pub hello: Option<String>,
    /// certificates of authorities (PEM); those of the machine where `None`
    pub ca_file: Option<PathBuf>,
    /// connections at most
    pub connections: usize,
    /// letters at once to one domain, at most
    pub at_once_per_domain: usize,
    /// letters a minute to one domain, at most; no bound where `None`
    pub per_minute_per_domain: Option<u32>,
}

impl Smtp {
    /// A relay without encryption or login, all else as if left out.
    #[must_use]
    pub fn plain(host: &str, port: u16) -> Self {
        Self {
            host: host.to_owned(),
            port,
            tls: Tls::None,
            login: None,
            from: None,
            hello: None,
            ca_file: None,
            connections: CONNECTIONS_DEFAULT,
            at_once_per_domain: AT_ONCE_PER_DOMAIN_DEFAULT,
            per_minute_per_domain: None,
        }
    }

    /// Paths of the file are meant from the file's directory; a credential from systemd's.
    pub(super) fn based(mut self, base: &Path, credentials: Option<&Path>) -> Self {
        self.ca_file = self.ca_file.map(|path| base.join(path));
        if let Some(login) = &mut self.login {
            let written = login.password_file.to_string_lossy().into_owned();
            login.password_file = match (written.strip_prefix(CREDENTIALS), credentials) {
                (Some(name), Some(dir)) => dir.join(name),
                // It is told when it is wanted: other commands need no password.
                (Some(_), None) => PathBuf::from(written),
                (None, _) => base.join(&login.password_file),
            };
        }
        self
    }
}

impl fmt::Display for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An IPv6 address holds colons of its own.
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// The keys of `mail` as they stand in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrittenMail {
    /// `mail.folder`
    pub folder: Option<PathBuf>,
    /// all that `mail.smtp` and its companions mean
    pub smtp: Option<Smtp>,
}

/// What is gathered key by key.
#[derive(Default)]
struct Keys {
    folder: Option<(PathBuf, Range<usize>)>,
    server: Option<Server>,
    tls: Option<Tls>,
    user: Option<(String, Range<usize>)>,
    password_file: Option<(PathBuf, Range<usize>)>,
    from: Option<String>,
    hello: Option<String>,
    ca_file: Option<PathBuf>,
    connections: Option<usize>,
    at_once: Option<usize>,
    per_minute: Option<u32>,
    /// the first key that only SMTP has
    companion: Option<(String, Range<usize>)>,
}

struct Server {
    host: String,
    port: Option<u16>,
    implicit: bool,
}

const RIGHT: &str = "give the relay, \"smtp://mail.example.org:587\" say, or \"smtps://…\" where it speaks TLS from the first byte";

/// Reads `mail`.
pub(super) fn read(reading: &mut Reading<'_>, value: &Spanned<DeValue<'_>>) -> WrittenMail {
    let (mut keys, before) = (Keys::default(), reading.fault_count());
    reading.table("mail", value, KEYS, |reading, key, value| {
        let span = value.span();
        match key {
            "folder" => keys.folder = reading.path("mail.folder", value).map(|path| (path, span)),
            "smtp" => keys.server = server(reading, value),
            _ => {
                keys.companion.get_or_insert((key.to_owned(), span.clone()));
                companion(reading, &mut keys, key, value);
            }
        }
    });
    if reading.fault_count() > before {
        return WrittenMail::default();
    }
    match (&keys.server, &keys.folder, &keys.companion) {
        (Some(_), Some((_, span)), _) => {
            reading.tell(span, "letters go to a `folder` or by `smtp`, not both; leave one out".to_owned());
        }
        (None, _, Some((key, span))) => {
            reading.tell(span, format!("`mail.{key}` needs `mail.smtp`; {RIGHT}"));
        }
        (Some(_) | None, _, _) => {}
    }
    let folder = keys.folder.take().map(|(path, _)| path);
    WrittenMail { folder, smtp: meant(reading, keys) }
}

fn companion(reading: &mut Reading<'_>, keys: &mut Keys, key: &str, value: &Spanned<DeValue<'_>>) {
    let span = value.span();
    match key {
        "tls" => keys.tls = tls(reading, value),
        "user" => keys.user = text(reading, key, value, "give the account's name").map(|text| (text, span)),
        "password_file" => {
            let right = "name a file that holds the password, \"$CREDENTIALS_DIRECTORY/smtp-password\" say";
            keys.password_file = text(reading, key, value, right).map(|text| (PathBuf::from(text), span));
        }
        "from" => {
            let right = "give the mailbox for bounces, \"duban@county.gov.cn\" say";
            keys.from = text(reading, key, value, right);
            if let Some(from) = keys.from.as_ref().filter(|from| from.split_once('@').is_none()) {
                reading.tell(&span, format!("`{from}` is no mail address; {right}"));
            }
        }
        "hello" => {
            let right = "give this machine's full name, \"duban.county.gov.cn\" say";
            keys.hello = text(reading, key, value, right);
            let odd = |c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-');
            if let Some(hello) = keys.hello.as_ref().filter(|hello| hello.contains(odd)) {
                reading.tell(&span, format!("`{hello}` is no host name; {right}"));
            }
        }
        "ca_file" => {
            let right = "name a file of certificates in PEM, \"/etc/duban/ca.pem\" say";
            keys.ca_file = text(reading, key, value, right).map(PathBuf::from);
        }
        "connections" => keys.connections = number(reading, key, value, &CONNECTIONS_MAX),
        "at_once_per_domain" => keys.at_once = number(reading, key, value, &CONNECTIONS_MAX),
        _ => keys.per_minute = number(reading, key, value, &PER_MINUTE_PER_DOMAIN_MAX),
    }
}

fn meant(reading: &mut Reading<'_>, keys: Keys) -> Option<Smtp> {
    let server = keys.server?;
    let tls = keys.tls.unwrap_or(if server.implicit { Tls::Implicit } else { Tls::StartTls });
    let port = server.port.unwrap_or(match tls {
        Tls::Implicit => 465,
        Tls::StartTls => 587,
        Tls::None => 25,
    });
    let login = match (keys.user, keys.password_file) {
        (Some((user, span)), Some((password_file, _))) => {
            if tls == Tls::None && !is_this_machine(&server.host) {
                let message = "without TLS the password would cross the net for anyone to read; set `tls = \"starttls\"` or `\"implicit\"`";
                reading.tell(&span, message.to_owned());
            }
            Some(Login { user, password_file })
        }
        (Some((_, span)), None) => {
            reading.tell(
                &span,
                "`mail.user` needs `mail.password_file`: passwords stand in a file of their own".to_owned(),
            );
            None
        }
        (None, Some((_, span))) => {
            reading.tell(&span, "`mail.password_file` needs `mail.user`".to_owned());
            None
        }
        (None, None) => None,
    };
    Some(Smtp {
        host: server.host,
        port,
        tls,
        login,
        from: keys.from,
        hello: keys.hello,
        ca_file: keys.ca_file,
        connections: keys.connections.unwrap_or(CONNECTIONS_DEFAULT),
        at_once_per_domain: keys.at_once.unwrap_or(AT_ONCE_PER_DOMAIN_DEFAULT),
        per_minute_per_domain: keys.per_minute,
    })
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn server(reading: &mut Reading<'_>, value: &Spanned<DeValue<'_>>) -> Option<Server> {
    let written = reading.string("mail.smtp", value, RIGHT)?;
    let (implicit, rest) = match written.split_once("://") {
        Some(("smtp", rest)) => (false, rest),
        Some(("smtps", rest)) => (true, rest),
        Some(_) => {
            reading.tell(&value.span(), format!("`{written}` is no relay; {RIGHT}"));
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
        reading.tell(&value.span(), format!("`{written}` is no relay; {RIGHT}"));
        return None;
    }
    Some(Server { host, port: port_read.and_then(Result::ok), implicit })
}

fn tls(reading: &mut Reading<'_>, value: &Spanned<DeValue<'_>>) -> Option<Tls> {
    let right = "give \"starttls\", \"implicit\" or \"none\"";
    match reading.string("mail.tls", value, right)? {
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

fn text(reading: &mut Reading<'_>, key: &str, value: &Spanned<DeValue<'_>>, right: &str) -> Option<String> {
    reading.string(&format!("mail.{key}"), value, right).map(str::to_owned)
}

fn number<T>(reading: &mut Reading<'_>, key: &str, value: &Spanned<DeValue<'_>>, max: &T) -> Option<T>
where
    T: TryFrom<i64> + PartialOrd + fmt::Display,
{
    let written = value.get_ref().as_integer();
    let whole = written.and_then(|written| i64::from_str_radix(written.as_str(), written.radix()).ok());
    let number = whole.filter(|number| *number >= 1).and_then(|number| T::try_from(number).ok());
    let number = number.filter(|number| number <= max);
    if number.is_none() {
        reading
            .tell(&value.span(), format!("`mail.{key}` is a whole number from 1 to {max}, without quotes"));
    }
    number
}

#[cfg(test)]
mod tests {
    use crate::config::parse;

    use super::*;

    fn smtp(keys: &str) -> Smtp {
        parse(&format!("mail = {{ {keys} }}")).unwrap().mail.smtp.unwrap()
    }

    fn fault(keys: &str) -> String {
        parse(&format!("mail = {{ {keys} }}")).unwrap_err().remove(0).message
    }

    #[test]
    fn port_and_encryption_follow_from_the_address_where_they_are_left_out() {
        let short = |keys: &str| {
            let smtp = smtp(keys);
            format!("{smtp} {}", smtp.tls)
        };
        assert_eq!(short("smtp = \"smtp://relay\""), "relay:587 starttls");
        assert_eq!(short("smtp = \"smtps://relay\""), "relay:465 implicit");
        assert_eq!(short("smtp = \"relay:2525\""), "relay:2525 starttls");
        assert_eq!(short("smtp = \"relay\", tls = \"none\""), "relay:25 none");
        assert_eq!(short("smtp = \"smtp://[::1]:26\""), "[::1]:26 starttls");
    }

    #[test]
    fn a_password_stands_in_a_file_and_never_crosses_the_net_in_clear() {
        let login = "user = \"u\", password_file = \"secret\"";
        let both = smtp(&format!("smtp = \"relay\", {login}"));
        assert_eq!(
            both.based(Path::new("/etc/duban"), None).login.unwrap().password_file,
            Path::new("/etc/duban/secret")
        );
        let credential =
            smtp("smtp = \"relay\", user = \"u\", password_file = \"$CREDENTIALS_DIRECTORY/smtp\"");
        let based = credential.based(Path::new("/etc/duban"), Some(Path::new("/run/credentials/duban")));
        assert_eq!(based.login.unwrap().password_file, Path::new("/run/credentials/duban/smtp"));
        assert!(fault("smtp = \"relay\", user = \"u\"").contains("password_file"));
        assert!(
            fault("smtp = \"relay\", password = \"p\"").contains("did you mean")
                || fault("smtp = \"relay\", password = \"p\"").contains("password_file")
        );
        assert!(fault("smtp = \"smtp://u:p@relay\"").contains("password_file"));
        assert!(fault(&format!("smtp = \"relay\", tls = \"none\", {login}")).contains("anyone to read"));
        assert_eq!(smtp(&format!("smtp = \"127.0.0.1\", tls = \"none\", {login}")).tls, Tls::None);
    }

    #[test]
    fn odd_keys_are_refused_with_what_would_be_right() {
        assert!(fault("smtp = \"http://relay\"").contains("smtp://"));
        assert!(fault("smtp = \"relay:0\"").contains("smtp://"));
        assert!(fault("smtp = \"relay\", folder = \"outbox\"").contains("not both"));
        assert!(fault("conections = 3").contains("`connections`"));
        assert!(fault("connections = 3").contains("needs `mail.smtp`"));
        assert!(fault("smtp = \"relay\", connections = 0").contains("1 to 64"));
        assert!(fault("smtp = \"relay\", tls = \"yes\"").contains("starttls"));
        assert!(fault("smtp = \"relay\", hello = \"a b\"").contains("host name"));
        assert!(fault("smtp = \"relay\", from = \"duban\"").contains("mail address"));
    }
}
