//! How letters leave by SMTP: the keys of `mail` in `duban.toml`, and what is meant where one is left out.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeValue;

use super::file::Reading;
use super::server::{self, Kind, Login, Placed, Server, Tls};

/// Connections to the relay, if nothing else is said.
pub const CONNECTIONS_DEFAULT: usize = 4;
/// Most connections that may be asked for; more is an attack on one's own relay.
pub const CONNECTIONS_MAX: usize = 64;
/// Letters on their way to one domain at once, if nothing else is said.
pub const AT_ONCE_PER_DOMAIN_DEFAULT: usize = 2;
/// Most letters a minute to one domain that may be asked for.
pub const PER_MINUTE_PER_DOMAIN_MAX: u32 = 60_000;
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
        self.login = self.login.map(|login| login.based(base, credentials));
        self
    }
}

impl fmt::Display for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        server::show(f, &self.host, self.port)
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
    folder: Placed<PathBuf>,
    server: Option<Server>,
    tls: Option<Tls>,
    user: Placed<String>,
    password_file: Placed<PathBuf>,
    from: Option<String>,
    hello: Option<String>,
    ca_file: Option<PathBuf>,
    connections: Option<usize>,
    at_once: Option<usize>,
    per_minute: Option<u32>,
    /// the first key that only SMTP has
    companion: Placed<String>,
}

const SMTP: Kind = Kind {
    key: "mail.smtp",
    noun: "relay",
    scheme: "smtp",
    right: "give the relay, \"smtp://mail.example.org:587\" say, or \"smtps://…\" where it speaks TLS from the first byte",
};

/// Reads `mail`.
pub(super) fn read(reading: &mut Reading<'_>, value: &Spanned<DeValue<'_>>) -> WrittenMail {
    let (mut keys, before) = (Keys::default(), reading.fault_count());
    reading.table("mail", value, KEYS, |reading, key, value| {
        let span = value.span();
        match key {
            "folder" => keys.folder = reading.path("mail.folder", value).map(|path| (path, span)),
            "smtp" => keys.server = server::server(reading, &SMTP, value),
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
            reading.tell(span, format!("`mail.{key}` needs `mail.smtp`; {}", SMTP.right));
        }
        (Some(_) | None, _, _) => {}
    }
    let folder = keys.folder.take().map(|(path, _)| path);
    WrittenMail { folder, smtp: meant(reading, keys) }
}

fn companion(reading: &mut Reading<'_>, keys: &mut Keys, key: &str, value: &Spanned<DeValue<'_>>) {
    let (name, span) = (format!("mail.{key}"), value.span());
    let mut text = |right: &str| server::text(reading, &name, value, right);
    match key {
        "tls" => keys.tls = server::tls(reading, &name, value),
        "user" => keys.user = text("give the account's name").map(|text| (text, span)),
        "password_file" => {
            let right = "name a file that holds the password, \"$CREDENTIALS_DIRECTORY/smtp-password\" say";
            keys.password_file = text(right).map(|text| (PathBuf::from(text), span));
        }
        "from" => {
            let right = "give the mailbox for bounces, \"duban@county.gov.cn\" say";
            keys.from = text(right);
            if let Some(from) = keys.from.as_ref().filter(|from| from.split_once('@').is_none()) {
                reading.tell(&span, format!("`{from}` is no mail address; {right}"));
            }
        }
        "hello" => {
            let right = "give this machine's full name, \"duban.county.gov.cn\" say";
            keys.hello = text(right);
            let odd = |c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-');
            if let Some(hello) = keys.hello.as_ref().filter(|hello| hello.contains(odd)) {
                reading.tell(&span, format!("`{hello}` is no host name; {right}"));
            }
        }
        "ca_file" => {
            let right = "name a file of certificates in PEM, \"/etc/duban/ca.pem\" say";
            keys.ca_file = text(right).map(PathBuf::from);
        }
        "connections" => keys.connections = server::number(reading, &name, value, &CONNECTIONS_MAX),
        "at_once_per_domain" => keys.at_once = server::number(reading, &name, value, &CONNECTIONS_MAX),
        _ => keys.per_minute = server::number(reading, &name, value, &PER_MINUTE_PER_DOMAIN_MAX),
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
    let login = server::login(reading, "mail", keys.user, keys.password_file).map(|(login, user)| {
        server::guard(reading, &server, tls, &user);
        login
    });
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
