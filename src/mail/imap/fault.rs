//! What may go wrong at which step of a look into the mailbox, and what would help. Pure.

use std::fmt;

/// Longest words of a server that are told, in characters.
const WORDS_CHARS_MAX: usize = 200;

/// Steps of a look into the mailbox, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// name to addresses
    Resolve,
    /// TCP
    Connect,
    /// the server's first words
    Greeting,
    /// STARTTLS
    StartTls,
    /// the TLS handshake
    Tls,
    /// LOGIN, CAPABILITY, ID
    Login,
    /// SELECT
    Select,
    /// UID SEARCH, and the sizes of what was found
    Search,
    /// UID FETCH of a message
    Fetch,
    /// UID STORE of a mark
    Mark,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::StartTls => "STARTTLS",
            Self::Tls => "TLS",
            Self::Login => "LOGIN",
            Self::Select => "SELECT",
            Self::Search => "SEARCH",
            Self::Fetch => "FETCH",
            Self::Mark => "STORE",
        })
    }
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// the server said no
    Said(String),
    /// no answer in time
    Late {
        /// how long it was waited for
        seconds: u64,
    },
    /// the line broke
    Lost(String),
    /// an answer that is none
    Garbage,
    /// we can't go on with this server, or have nothing to go on with
    Ours(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cut = |words: &str| -> String {
            words.chars().filter(|c| !c.is_control()).take(WORDS_CHARS_MAX).collect()
        };
        match self {
            Self::Said(words) => write!(f, "the server says no: {}", cut(words)),
            Self::Late { seconds } => write!(f, "no answer within {seconds} s"),
            Self::Lost(what) => f.write_str(&cut(what)),
            Self::Garbage => f.write_str("an answer that is none"),
            Self::Ours(what) => f.write_str(what),
        }
    }
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{step}: {trouble}")]
pub struct Failed {
    /// where
    pub step: Step,
    /// how
    pub trouble: Trouble,
}

/// What would help; `None` where nobody can know.
#[must_use]
pub fn cure(failed: &Failed) -> Option<&'static str> {
    let Failed { step, trouble } = failed;
    let words = trouble.to_string();
    Some(match (step, trouble) {
        (Step::Resolve, _) => "is the name in `mailbox.imap` right, and does this machine's DNS work?",
        (Step::Connect, _) => {
            "is the server up, is the port in `mailbox.imap` right, does a firewall lie between?"
        }
        (Step::Greeting, Trouble::Late { .. }) => "a server that waits for TLS says nothing: try `imaps://`",
        (Step::Greeting, Trouble::Garbage) => "is this an IMAP server's port?",
        (Step::StartTls, Trouble::Said(_)) => "it offers no STARTTLS: try `imaps://` and port 993",
        (Step::Tls, _) if words.contains("UnknownIssuer") || words.contains("BadSignature") => {
            "its certificate comes from an authority this machine doesn't know: name its file with `mailbox.ca_file`"
        }
        (Step::Tls, _) if words.contains("NotValidForName") || words.contains("not valid for") => {
            "name the server in `mailbox.imap` as its certificate does"
        }
        (Step::Tls, _) if words.contains("xpired") => {
            "its certificate is out of date: its keeper must renew it"
        }
        (Step::Tls, Trouble::Lost(_)) if words.contains("corrupt message") => {
            "a server that begins in clear doesn't speak TLS at once: try `imap://`"
        }
        (Step::Login, Trouble::Said(_)) => {
            "are `mailbox.user` and the password's file right? Some providers want a code of their own (授权码) in place of the password, and IMAP switched on"
        }
        (Step::Select, Trouble::Said(_)) => {
            "is `mailbox.folder` right, and may programs read this mailbox by IMAP?"
        }
        (Step::Mark, Trouble::Said(_)) => "may this account mark messages in the folder?",
        _ => return None,
    })
}
