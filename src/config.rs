//! The only reader of environment and configuration files (what a service manager says aside, see
//! `daemon/service.rs`): what was typed (`Given`) becomes what
//! is meant (`Config`). It must not know what the daemon does with it.

mod file;
mod mailbox;
mod server;
mod smtp;
mod web;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

pub use file::{FaultAt, parse};
pub use mailbox::{EVERY_MINUTES_DEFAULT, EVERY_MINUTES_MAX, FOLDER_DEFAULT, Mailbox};
pub use server::{CA_FILE_BYTES_MAX, CREDENTIALS, Login, Tls};
pub use smtp::{
    AT_ONCE_PER_DOMAIN_DEFAULT, CONNECTIONS_DEFAULT, CONNECTIONS_MAX, PER_MINUTE_PER_DOMAIN_MAX, Smtp,
    WrittenMail,
};
pub use web::{
    LINK_DAYS_DEFAULT, LINK_DAYS_MAX, PublicUrl, UPLOAD_FILE_MIB_DEFAULT, UPLOAD_MIB_MAX,
    UPLOAD_REQUEST_MIB_DEFAULT, Web, WrittenWeb,
};

use crate::plain_file;

/// Largest configuration file, in bytes.
const CONFIG_BYTES_MAX: usize = 1024 * 1024;
/// Where the data directory is, if nothing else is said.
pub const DATA_DEFAULT: &str = "./data";
/// Where plan files are, if nothing else is said.
pub const SCHEDULES_DEFAULT: &str = "./schedules";
/// The configuration file that is read where it exists and no other is named.
pub const CONFIG_DEFAULT: &str = "./duban.toml";
/// Where HTTP listens, if nothing else is said.
pub const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8780);

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// for people: compact, coloured on a terminal
    #[default]
    Text,
    /// one JSON object a line
    Json,
    /// to systemd's journal, field by field
    Journald,
}

impl std::str::FromStr for LogFormat {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            "journald" => Ok(Self::Journald),
            _ => Err(format!("`{text}` is no log format: `text`, `json` or `journald`")),
        }
    }
}

/// Where plan files come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schedules {
    /// a directory
    Dir(PathBuf),
    /// the files built into duban
    Embedded,
}

impl fmt::Display for Schedules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dir(dir) => write!(f, "{}", dir.display()),
            Self::Embedded => f.write_str("the plan files built into duban"),
        }
    }
}

/// How letters leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mail {
    /// as `.eml` files into this folder
    Folder(PathBuf),
    /// to a relay
    Smtp(Smtp),
}

impl fmt::Display for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{} as .eml files", folder.display()),
            Self::Smtp(smtp) => write!(f, "the mail server {smtp}"),
        }
    }
}

/// Everything that can be set, with nothing left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// the data directory
    pub data: PathBuf,
    /// plan files
    pub schedules: Schedules,
    /// address and port of `/healthz`; port 0 takes a free one
    pub listen: SocketAddr,
    /// a second socket for the command line, for the accounts of the owner's group; the data directory's own is the
    /// owner's alone
    pub socket: Option<PathBuf>,
    /// how letters leave
    pub mail: Mail,
    /// the mailbox that is read for what comes back; none: only `duban intake` brings it
    pub mailbox: Option<Mailbox>,
    /// the units' page
    pub web: Web,
    /// how log lines are written
    pub log: LogFormat,
}

impl Config {
    /// The folders and files that it names beside the data directory.
    pub fn named(&self) -> impl Iterator<Item = &Path> {
        let schedules = if let Schedules::Dir(dir) = &self.schedules { Some(dir) } else { None };
        let (folder, smtp) = match &self.mail {
            Mail::Folder(folder) => (Some(folder), None),
            Mail::Smtp(smtp) => (None, Some((smtp.ca_file.as_ref(), smtp.login.as_ref()))),
        };
        let mailbox = self.mailbox.as_ref().map(|mailbox| (mailbox.ca_file.as_ref(), Some(&mailbox.login)));
        let servers = smtp.into_iter().chain(mailbox);
        let of_servers = servers.flat_map(|(ca, login)| [ca, login.map(|login| &login.password_file)]);
        let all = [schedules, self.socket.as_ref(), folder].into_iter().chain(of_servers);
        all.flatten().map(PathBuf::as_path)
    }
}

/// What was typed on the command line; it wins over the file.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--data`
    pub data: Option<PathBuf>,
    /// `--schedules`
    pub schedules: Option<PathBuf>,
    /// `--listen`
    pub listen: Option<SocketAddr>,
    /// `--log-format`
    pub log: Option<LogFormat>,
}

/// What the file says; paths as they stand there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// `data`
    pub data: Option<PathBuf>,
    /// `schedules`
    pub schedules: Option<PathBuf>,
    /// `listen`
    pub listen: Option<SocketAddr>,
    /// `socket`
    pub socket: Option<PathBuf>,
    /// `mail`
    pub mail: WrittenMail,
    /// `mailbox`
    pub mailbox: Option<Mailbox>,
    /// `web`
    pub web: WrittenWeb,
    /// `log.format`
    pub log: Option<LogFormat>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFault {
    /// the file can't be read
    #[error("the configuration {} can't be read", path.display())]
    Unreadable {
        /// which
        path: PathBuf,
        /// why
        source: std::io::Error,
    },
    /// it is wrong; all faults
    #[error("the configuration {} has {} fault(s); nothing was started{}", path.display(), faults.len(), told(path, faults))]
    Wrong {
        /// which
        path: PathBuf,
        /// from top to bottom
        faults: Vec<FaultAt>,
    },
}

fn told(path: &Path, faults: &[FaultAt]) -> String {
    let lines: Vec<String> = faults.iter().map(|fault| format!("\n  {}:{fault}", path.display())).collect();
    lines.concat()
}

/// The configuration file that is read: the one named, else ./duban.toml where it exists.
#[must_use]
pub fn file_of(given: &Given) -> Option<PathBuf> {
    match &given.config {
        Some(path) => Some(path.clone()),
        None => Some(PathBuf::from(CONFIG_DEFAULT)).filter(|path| path.exists()),
    }
}

impl Config {
    /// Reads the file, if there is one, and puts what was typed over it.
    ///
    /// Paths in the file are meant from the file's directory; typed ones from the current one.
    ///
    /// # Errors
    /// [`ConfigFault`]: the file named can't be read, or has faults; all of them are told.
    pub fn load(given: Given) -> Result<Self, ConfigFault> {
        let (written, base) = match file_of(&given) {
            None => (Written::default(), PathBuf::new()),
            Some(path) => {
                let text = plain_file::read(&path, CONFIG_BYTES_MAX)
                    .and_then(|bytes| String::from_utf8(bytes).map_err(io::Error::other))
                    .map_err(|source| ConfigFault::Unreadable { path: path.clone(), source })?;
                let written =
                    parse(&text).map_err(|faults| ConfigFault::Wrong { path: path.clone(), faults })?;
                (written, path.parent().unwrap_or(Path::new("")).to_owned())
            }
        };
        let log = if stderr_is_the_journal() { LogFormat::Journald } else { LogFormat::Text };
        Ok(Self { log: given.log.or(written.log).unwrap_or(log), ..Self::meant(given, written, &base) })
    }

    fn meant(given: Given, written: Written, base: &Path) -> Self {
        let from_file = |path: PathBuf| base.join(path);
        // The file's socket is that of the file's data directory: another one has its own alone.
        let socket = written.socket.filter(|_| given.data.is_none()).map(from_file);
        let data = given.data.or(written.data.map(from_file)).unwrap_or_else(|| PathBuf::from(DATA_DEFAULT));
        let schedules = given.schedules.or(written.schedules.map(from_file)).map_or_else(
            || {
                let default = PathBuf::from(SCHEDULES_DEFAULT);
                if default.is_dir() { Schedules::Dir(default) } else { Schedules::Embedded }
            },
            Schedules::Dir,
        );
        let listen = given.listen.or(written.listen).unwrap_or(LISTEN_DEFAULT);
        Self {
            mail: match (written.mail.smtp, written.mail.folder) {
                (Some(smtp), _) => Mail::Smtp(smtp.based(base, credentials_dir().as_deref())),
                (None, Some(folder)) => Mail::Folder(from_file(folder)),
                (None, None) => Mail::Folder(data.join("outbox")),
            },
            mailbox: written.mailbox.map(|mailbox| mailbox.based(base, credentials_dir().as_deref())),
            data,
            schedules,
            listen,
            socket,
            web: written.web.meant(listen),
            log: given.log.or(written.log).unwrap_or_default(),
        }
    }
}

/// `CREDENTIALS_DIRECTORY`: where systemd has put what `LoadCredential=` names.
fn credentials_dir() -> Option<PathBuf> {
    variable("CREDENTIALS_DIRECTORY").filter(|dir| !dir.is_empty()).map(PathBuf::from)
}

/// `RUST_LOG`: which log lines are written.
#[must_use]
pub fn log_filter() -> Option<String> {
    variable("RUST_LOG")?.into_string().ok().filter(|filter| !filter.is_empty())
}

/// Whether stderr leads into systemd's journal: `JOURNAL_STREAM` names its device and inode (`systemd.exec(5)`).
fn stderr_is_the_journal() -> bool {
    let told = variable("JOURNAL_STREAM").and_then(|told| told.into_string().ok());
    let is = std::fs::metadata("/proc/self/fd/2").ok().map(|file| format!("{}:{}", file.dev(), file.ino()));
    told.is_some() && told == is
}

/// What the environment says about colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourWish {
    /// nothing: colour on a terminal only
    Auto,
    /// `NO_COLOR`, or a terminal that is `dumb`
    Never,
    /// `CLICOLOR_FORCE`
    Always,
}

/// Reads `NO_COLOR` (no-color.org), `CLICOLOR_FORCE` and `TERM`.
#[must_use]
pub fn colour_wish() -> ColourWish {
    let set = |name| variable(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") {
        ColourWish::Never
    } else if variable("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0") {
        ColourWish::Always
    } else if variable("TERM").is_some_and(|term| term == "dumb") {
        ColourWish::Never
    } else {
        ColourWish::Auto
    }
}

/// `SUDO_USER`: who went before the account that asks, as the environment claims; nobody checks it.
#[must_use]
pub fn claimed_user() -> Option<String> {
    variable("SUDO_USER")?.into_string().ok()
}

/// The locale that the environment asks for words in (POSIX, 8.2); empty where it asks for none.
#[must_use]
pub fn locale() -> String {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let wanted = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    wanted.map(|value| value.to_string_lossy().into_owned()).unwrap_or_default()
}

#[allow(clippy::disallowed_methods)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_wins_over_the_file_and_the_file_over_defaults() {
        let written = parse("data = \"d\"\nlisten = \"127.0.0.1:9000\"\n").unwrap();
        let given = Given { data: Some("typed".into()), ..Given::default() };
        let config = Config::meant(given, written.clone(), Path::new("/etc/duban"));
        assert_eq!(config.data, Path::new("typed"));
        assert_eq!(config.listen.port(), 9000);
        assert_eq!(config.mail, Mail::Folder("typed/outbox".into()));
        let config = Config::meant(Given::default(), written, Path::new("/etc/duban"));
        assert_eq!(config.data, Path::new("/etc/duban/d"));
    }

    #[test]
    fn the_shipped_example_is_sound_and_shows_every_key() {
        let text = include_str!("../deploy/duban.example.toml");
        let written = parse(text).unwrap();
        assert!(written.data.is_some() && written.schedules.is_some() && written.listen.is_some());
        assert!(written.mail.folder.is_some() && written.log.is_some());
    }

    #[test]
    fn its_relay_is_sound_too_and_shows_every_key() {
        let text = include_str!("../deploy/duban.example.toml");
        let (general, relay) = text.split_once("# [mail]\n").unwrap();
        // Up to the empty line before the mailbox's words.
        let (relay, _) = relay.split_once("\n\n").unwrap();
        let general: Vec<&str> = general.lines().filter(|line| !line.starts_with("mail = ")).collect();
        let relay: Vec<&str> = relay.lines().map(|line| line.trim_start_matches("# ")).collect();
        let (general, relay) = (general.join("\n"), relay.join("\n"));
        let written = parse(&format!("{general}\n[mail]\n{relay}")).unwrap();
        for key in smtp::KEYS.iter().filter(|key| **key != "folder") {
            assert!(relay.lines().any(|line| line.starts_with(&format!("{key} = "))), "{key} is not shown");
        }
        let smtp = written.mail.smtp.unwrap();
        assert_eq!((smtp.port, smtp.tls), (587, Tls::StartTls));
    }

    #[test]
    fn its_mailbox_is_sound_too_and_shows_every_key() {
        let text = include_str!("../deploy/duban.example.toml");
        let (_, shown) = text.split_once("# [mailbox]\n").unwrap();
        let (shown, _) = shown.split_once("\n\n").unwrap();
        let shown: Vec<&str> = shown.lines().map(|line| line.trim_start_matches("# ")).collect();
        let shown = shown.join("\n");
        for key in mailbox::KEYS {
            assert!(shown.lines().any(|line| line.starts_with(&format!("{key} = "))), "{key} is not shown");
        }
        let mailbox = parse(&format!("[mailbox]\n{shown}")).unwrap().mailbox.unwrap();
        assert_eq!((mailbox.port, mailbox.tls, mailbox.every_minutes), (993, Tls::Implicit, 5));
    }

    #[test]
    fn its_page_for_units_is_sound_too_and_shows_every_key() {
        let text = include_str!("../deploy/duban.example.toml");
        let (_, shown) = text.split_once("# [web]\n").unwrap();
        let shown: Vec<&str> = shown.lines().map(|line| line.trim_start_matches("# ")).collect();
        let shown = shown.join("\n");
        for key in web::KEYS {
            assert!(shown.lines().any(|line| line.starts_with(&format!("{key} = "))), "{key} is not shown");
        }
        let written = parse(&format!("[web]\n{shown}")).unwrap().web;
        let public_url = written.public_url.clone();
        let web = Web { public_url: public_url.unwrap(), is_public: true, ..Web::at(LISTEN_DEFAULT) };
        assert_eq!(written.meant(LISTEN_DEFAULT), web, "the others are shown as they are left out");
    }
}
