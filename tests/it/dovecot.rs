//! A dovecot of the test's own: its configuration, mailbox and log lie in a temporary directory, it
//! listens on free ports of the loopback, and it ends with the test.
//!
//! Without dovecot the tests that need it fail and say what to install; none is left out in silence.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use duban::config::{Login, Mailbox, Tls};
use tempfile::TempDir;

use crate::smtp_server::certificate;

/// The account whose mailbox it keeps; its password is `right`.
pub const USER: &str = "duban@county.test";
/// Who owns the mailbox's files.
const NOBODY: u32 = 65534;

pub struct Dovecot {
    home: TempDir,
    port: u16,
    tls_port: u16,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Dovecot {
    pub fn start() -> Self {
        assert!(
            nix::unistd::geteuid().is_root(),
            "dovecot can be started by root only: run the tests as root"
        );
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let dovecot = Self { home, port: free_port(), tls_port: free_port() };
        dovecot.make_folder("");
        let (_, ca, leaf, key) = certificate(&["127.0.0.1"]);
        fs::write(dovecot.ca(), ca).unwrap();
        fs::write(dovecot.path("cert.pem"), leaf).unwrap();
        fs::write(dovecot.path("key.pem"), key).unwrap();
        fs::write(dovecot.path("users"), format!("{USER}:{{PLAIN}}right\n")).unwrap();
        dovecot.set_password("right");
        fs::write(dovecot.path("dovecot.conf"), dovecot.configuration()).unwrap();
        dovecot.run();
        dovecot
    }

    fn configuration(&self) -> String {
        let (root, port, tls_port) = (self.home.path().display(), self.port, self.tls_port);
        format!(
            "protocols = imap
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
listen = 127.0.0.1
ssl = yes
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
auth_mechanisms = plain
passdb {{
  driver = passwd-file
  args = {root}/users
}}
userdb {{
  driver = static
  args = uid={NOBODY} gid={NOBODY} home={root}/home
}}
mail_location = maildir:{root}/mail
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"
        )
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The authority of its certificate.
    pub fn ca(&self) -> PathBuf {
        self.path("ca.pem")
    }

    /// What duban says the password is.
    pub fn set_password(&self, password: &str) {
        fs::write(self.path("password"), format!("{password}\n")).unwrap();
    }

    /// How duban is told of it.
    pub fn mailbox(&self, tls: Tls) -> Mailbox {
        Mailbox {
            host: "127.0.0.1".to_owned(),
            port: if tls == Tls::Implicit { self.tls_port } else { self.port },
            tls,
            login: Login { user: USER.to_owned(), password_file: self.path("password") },
            folder: "INBOX".to_owned(),
            ca_file: Some(self.ca()),
            every_minutes: 60,
        }
    }

    /// A folder as it lies on the disk; the inbox where the name is empty.
    pub fn make_folder(&self, name: &str) {
        let folder = self.path("mail").join(name);
        for dir in ["cur", "new", "tmp"] {
            fs::create_dir_all(folder.join(dir)).unwrap();
            chown(folder.join(dir), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
    }

    /// A message arrives in the inbox.
    pub fn deliver(&self, name: &str, message: &[u8]) {
        self.deliver_to("", name, message);
    }

    /// A message arrives in a folder.
    pub fn deliver_to(&self, folder: &str, name: &str, message: &[u8]) {
        let folder = self.path("mail").join(folder);
        let (tmp, new) = (folder.join("tmp").join(name), folder.join("new").join(name));
        fs::write(&tmp, message).unwrap();
        chown(&tmp, Some(NOBODY), Some(NOBODY)).unwrap();
        fs::rename(tmp, new).unwrap();
    }

    /// What lies in the inbox, each with the letters of its marks: `S` seen, `F` flagged.
    pub fn marks(&self) -> Vec<(String, String)> {
        self.marks_in("")
    }

    /// The same of a folder.
    pub fn marks_in(&self, folder: &str) -> Vec<(String, String)> {
        let folder = self.path("mail").join(folder);
        let mut found = Vec::new();
        for dir in ["cur", "new"] {
            for entry in fs::read_dir(folder.join(dir)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                let (name, marks) = name.split_once(":2,").unwrap_or((&name, ""));
                let name = name.split(',').next().unwrap();
                found.push((name.to_owned(), marks.to_owned()));
            }
        }
        found.sort();
        found
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// Its words go into a file: a pipe would stay open as long as the server runs.
    fn dovecot(&self, arguments: &[&str]) -> std::io::Result<bool> {
        let words = fs::File::create(self.path("said"))?;
        let mut command = Command::new("dovecot");
        command.arg("-c").arg(self.path("dovecot.conf")).args(arguments);
        Ok(command.stdout(words.try_clone()?).stderr(words).status()?.success())
    }

    #[track_caller]
    fn must(&self, arguments: &[&str]) {
        let done = self.dovecot(arguments).unwrap_or_else(|fault| {
            panic!("dovecot can't be run ({fault}): these tests need Debian's dovecot-imapd; tests/run installs it")
        });
        assert!(done, "{}{}", fs::read_to_string(self.path("said")).unwrap(), self.log());
    }

    /// It returns once the ports are open.
    pub fn run(&self) {
        self.must(&[]);
    }

    /// It goes away; `run` brings it back.
    pub fn stop(&self) {
        self.must(&["stop"]);
        // Its ports close a moment after the master has ended.
        while std::net::TcpStream::connect(("127.0.0.1", self.tls_port)).is_ok() {
            std::thread::yield_now();
        }
    }

    /// Its own directory, for what a test wants beside it.
    pub fn home(&self) -> &Path {
        self.home.path()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = self.dovecot(&["stop"]);
    }
}
