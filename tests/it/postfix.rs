//! A postfix of the test's own: its configuration, queue, mailboxes and log lie in a temporary
//! directory, it listens on a free port of the loopback, and it ends with the test.
//!
//! Without postfix the tests that need it fail and say what to install; none is left out in silence.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::smtp_server::certificate;

/// Accounts it knows: one, whose password is `right`.
pub const USER: &str = "duban@county.test";
/// The mailbox of all.
pub const EVERYBODY: &str = "everybody";

pub struct Postfix {
    home: TempDir,
    /// begins in clear, offers STARTTLS
    pub port: u16,
    /// TLS from the first byte
    pub tls_port: u16,
}

fn run(what: &str, command: &mut Command) {
    let output = command.output().unwrap_or_else(|fault| missing(what, &fault.to_string()));
    assert!(
        output.status.success(),
        "{what}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn missing(what: &str, fault: &str) -> ! {
    panic!(
        "{what} can't be run ({fault}): these tests need Debian's postfix and sasl2-bin; tests/run installs them"
    )
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

impl Postfix {
    /// Mailboxes `hb`, `zjj` and `me` at `county.test`; it relays nothing for strangers.
    pub fn start() -> Self {
        Self::with("inline:{ {hb@county.test = hb/}, {zjj@county.test = zjj/}, {me@county.test = me/} }")
    }

    /// Every address at `county.test` has a mailbox: the same, [`EVERYBODY`].
    pub fn for_everybody() -> Self {
        Self::with(&format!("static:{EVERYBODY}/"))
    }

    fn with(mailboxes: &str) -> Self {
        assert!(
            nix::unistd::geteuid().is_root(),
            "postfix can be started by root only: run the tests as root"
        );
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for dir in ["etc/sasl", "queue", "data", "mail"] {
            fs::create_dir_all(home.path().join(dir)).unwrap();
        }
        let (port, tls_port) = (free_port(), free_port());
        let postfix = Self { home, port, tls_port };
        postfix.configure(mailboxes);
        let etc = postfix.path("etc");
        run(
            "saslpasswd2",
            Command::new("sh").arg("-c").arg(format!(
                "echo right | saslpasswd2 -p -c -f {0}/sasldb2 -u county.test duban && chmod 644 {0}/sasldb2",
                etc.display()
            )),
        );
        run("chown", Command::new("chown").arg("nobody").arg(postfix.path("mail")));
        run("chown", Command::new("chown").arg("postfix").arg(postfix.path("data")));
        // It returns once the ports are open.
        run("postfix", Command::new("postfix").arg("-c").arg(&etc).arg("start"));
        postfix
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The authority of its certificate.
    pub fn ca(&self) -> PathBuf {
        self.path("etc/ca.pem")
    }

    fn configure(&self, mailboxes: &str) {
        let (_, ca, leaf, key) = certificate(&["127.0.0.1"]);
        write(&self.ca(), &ca);
        write(&self.path("etc/cert.pem"), &leaf);
        write(&self.path("etc/key.pem"), &key);
        write(
            &self.path("etc/sasl/smtpd.conf"),
            &format!(
                "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: {}\nmech_list: PLAIN LOGIN\n",
                self.path("etc/sasldb2").display()
            ),
        );
        let root = self.home.path().display();
        write(
            &self.path("etc/main.cf"),
            &format!(
                "compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
maillog_file = {root}/log
maillog_file_prefixes = {root}
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.county.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = county.test
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = {mailboxes}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_transport = virtual
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = {root}/etc/sasl
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {root}/etc/cert.pem
smtpd_tls_key_file = {root}/etc/key.pem
"
            ),
        );
        let (port, tls_port) = (self.port, self.tls_port);
        write(
            &self.path("etc/master.cf"),
            &format!(
                "127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
virtual unix - n n - - virtual
retry unix - - n - - error
error unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
"
            ),
        );
    }

    /// Letters delivered to a mailbox.
    pub fn delivered(&self, mailbox: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path("mail").join(mailbox).join("new")) else {
            return Vec::new();
        };
        entries.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    fn command(&self, command: &str) {
        let _ = Command::new("postfix").arg("-c").arg(self.path("etc")).arg(command).output();
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.command("abort");
    }
}
