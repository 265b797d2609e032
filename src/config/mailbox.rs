//! The mailbox that is read for replies and delivery reports: the keys of `mailbox` in `duban.toml`.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeValue;

use super::file::Reading;
use super::server::{self, Kind, Login, Placed, Server, Tls};

/// The folder that is read, if nothing else is said.
pub const FOLDER_DEFAULT: &str = "INBOX";
/// From one look into it to the next, if nothing else is said.
pub const EVERY_MINUTES_DEFAULT: u32 = 5;
/// Longest time between two looks: a day.
pub const EVERY_MINUTES_MAX: u32 = 24 * 60;

/// All keys of `mailbox`.
pub(super) const KEYS: &[&str] =
    &["imap", "tls", "user", "password_file", "folder", "ca_file", "every_minutes"];

const IMAP: Kind = Kind {
    key: "mailbox.imap",
    noun: "mailbox's server",
    scheme: "imap",
    right: "give the server, \"imaps://mail.example.org\" say, or \"imap://…\" where it begins in clear and offers STARTTLS",
};

/// A folder of a mailbox, and how to get at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// name or address; the certificate must be for it
    pub host: String,
    /// 993 or 143, as a rule
    pub port: u16,
    /// encryption
    pub tls: Tls,
    /// whose it is
    pub login: Login,
    /// which folder
    pub folder: String,
    /// certificates of authorities (PEM); those of the machine where `None`
    pub ca_file: Option<PathBuf>,
    /// minutes from one look into it to the next
    pub every_minutes: u32,
}

impl Mailbox {
    /// Paths of the file are meant from the file's directory; a credential from systemd's.
    pub(super) fn based(self, base: &Path, credentials: Option<&Path>) -> Self {
        Self {
            ca_file: self.ca_file.map(|path| base.join(path)),
            login: self.login.based(base, credentials),
            ..self
        }
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at ", self.folder)?;
        server::show(f, &self.host, self.port)
    }
}

/// What is gathered key by key.
#[derive(Default)]
struct Keys {
    server: Option<Server>,
    tls: Option<Tls>,
    user: Placed<String>,
    password_file: Placed<PathBuf>,
    folder: Option<String>,
    ca_file: Option<PathBuf>,
    every_minutes: Option<u32>,
}

/// Reads `mailbox`.
pub(super) fn read(
    reading: &mut Reading<'_>,
    key: &Range<usize>,
    value: &Spanned<DeValue<'_>>,
) -> Option<Mailbox> {
    let (mut keys, before) = (Keys::default(), reading.fault_count());
    reading.table("mailbox", value, KEYS, |reading, key, value| take(reading, &mut keys, key, value));
    if reading.fault_count() > before {
        return None;
    }
    let Some(server) = keys.server else {
        reading.tell(key, format!("`mailbox` needs `mailbox.imap`; {}", IMAP.right));
        return None;
    };
    let login = server::login(reading, "mailbox", keys.user, keys.password_file);
    let Some((login, user)) = login else {
        if reading.fault_count() == before {
            let message = "`mailbox` needs `mailbox.user` and `mailbox.password_file`: whose mailbox is it?";
            reading.tell(key, message.to_owned());
        }
        return None;
    };
    let tls = keys.tls.unwrap_or(if server.implicit { Tls::Implicit } else { Tls::StartTls });
    server::guard(reading, &server, tls, &user);
    let port = server.port.unwrap_or(if tls == Tls::Implicit { 993 } else { 143 });
    Some(Mailbox {
        host: server.host,
        port,
        tls,
        login,
        folder: keys.folder.unwrap_or_else(|| FOLDER_DEFAULT.to_owned()),
        ca_file: keys.ca_file,
        every_minutes: keys.every_minutes.unwrap_or(EVERY_MINUTES_DEFAULT),
    })
}

fn take(reading: &mut Reading<'_>, keys: &mut Keys, key: &str, value: &Spanned<DeValue<'_>>) {
    let (name, span) = (format!("mailbox.{key}"), value.span());
    let mut text = |right: &str| server::text(reading, &name, value, right);
    match key {
        "imap" => keys.server = server::server(reading, &IMAP, value),
        "tls" => keys.tls = server::tls(reading, &name, value),
        "user" => keys.user = text("give the account's name").map(|text| (text, span)),
        "password_file" => {
            let right = "name a file that holds the password, \"$CREDENTIALS_DIRECTORY/imap-password\" say";
            keys.password_file = text(right).map(|text| (PathBuf::from(text), span));
        }
        "folder" => {
            keys.folder = text("name the folder that replies come to, \"INBOX\" say");
            if keys.folder.as_ref().is_some_and(|folder| folder.contains(char::is_control)) {
                reading.tell(&span, "a folder's name holds no control characters".to_owned());
            }
        }
        "ca_file" => {
            let right = "name a file of certificates in PEM, \"/etc/duban/ca.pem\" say";
            keys.ca_file = text(right).map(PathBuf::from);
        }
        _ => keys.every_minutes = server::number(reading, &name, value, &EVERY_MINUTES_MAX),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::parse;

    use super::*;

    const LOGIN: &str = "user = \"u\", password_file = \"secret\"";

    fn mailbox(keys: &str) -> Mailbox {
        parse(&format!("mailbox = {{ {keys}, {LOGIN} }}")).unwrap().mailbox.unwrap()
    }

    fn fault(keys: &str) -> String {
        parse(&format!("mailbox = {{ {keys} }}")).unwrap_err().remove(0).message
    }

    #[test]
    fn port_encryption_folder_and_time_follow_where_they_are_left_out() {
        let short = |keys: &str| {
            let mailbox = mailbox(keys);
            format!("{mailbox} {} {}", mailbox.tls, mailbox.every_minutes)
        };
        assert_eq!(short("imap = \"imaps://mail.test\""), "INBOX at mail.test:993 implicit 5");
        assert_eq!(short("imap = \"imap://mail.test\""), "INBOX at mail.test:143 starttls 5");
        let all = "imap = \"imap://[::1]:1143\", tls = \"none\", folder = \"督办\", every_minutes = 30";
        assert_eq!(short(all), "督办 at [::1]:1143 none 30");
    }

    #[test]
    fn paths_are_meant_from_the_files_directory_and_a_credential_from_systemds() {
        let base = Path::new("/etc/duban");
        let based = mailbox("imap = \"mail.test\", ca_file = \"ca.pem\"").based(base, None);
        assert_eq!(based.ca_file.unwrap(), Path::new("/etc/duban/ca.pem"));
        assert_eq!(based.login.password_file, Path::new("/etc/duban/secret"));
        let keys = "imap = \"mail.test\", user = \"u\", password_file = \"$CREDENTIALS_DIRECTORY/imap\"";
        let credential = parse(&format!("mailbox = {{ {keys} }}")).unwrap().mailbox.unwrap();
        let based = credential.based(base, Some(Path::new("/run/credentials/duban")));
        assert_eq!(based.login.password_file, Path::new("/run/credentials/duban/imap"));
    }

    #[test]
    fn what_is_wrong_or_missing_is_told_with_what_would_be_right() {
        assert!(fault("").contains("`mailbox.imap`"));
        assert!(fault("imap = \"imaps://mail.test\"").contains("`mailbox.user`"));
        assert!(fault("imap = \"imaps://mail.test\", user = \"u\"").contains("password_file"));
        assert!(fault(&format!("imap = \"smtp://mail.test\", {LOGIN}")).contains("imaps://"));
        assert!(fault("imap = \"imaps://u:p@mail.test\"").contains("password_file"));
        let clear = format!("imap = \"imap://mail.test\", tls = \"none\", {LOGIN}");
        assert!(fault(&clear).contains("anyone to read"));
        assert!(fault("foldr = \"INBOX\"").contains("did you mean `folder`?"));
        assert!(fault("every_minutes = 0").contains("1 to 1440"));
        assert!(fault("folder = \"a\\nb\"").contains("control"));
    }
}
