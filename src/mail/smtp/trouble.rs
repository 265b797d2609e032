//! What may go wrong at which step, and whose fault it is: the relay's, the line's, or the letter's. Pure.

use std::fmt;

use crate::domain::{Outcome, RelayFault};

/// Steps of a dialogue, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// name to addresses
    Resolve,
    /// TCP
    Connect,
    /// the server's first words
    Greeting,
    /// EHLO
    Hello,
    /// STARTTLS
    StartTls,
    /// the TLS handshake
    Tls,
    /// AUTH
    Login,
    /// MAIL FROM
    Sender,
    /// RCPT TO
    Addressee,
    /// DATA
    Data,
    /// the letter's bytes, up to the final dot
    Body,
    /// the answer to the final dot
    Dot,
    /// QUIT
    Quit,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Hello => "EHLO",
            Self::StartTls => "STARTTLS",
            Self::Tls => "TLS",
            Self::Login => "AUTH",
            Self::Sender => "MAIL",
            Self::Addressee => "RCPT",
            Self::Data => "DATA",
            Self::Body => "letter",
            Self::Dot => "final dot",
            Self::Quit => "QUIT",
        })
    }
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// the server said no
    Said {
        /// three digits
        code: u16,
        /// its words
        words: String,
    },
    /// no answer in time
    Late {
        /// how long it was waited for
        seconds: u64,
    },
    /// the line broke
    Lost(String),
    /// an answer that is none
    Garbage(String),
    /// we can't go on with this server, or have nothing to go on with
    Ours(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said { code, words } => write!(f, "{code} {words}"),
            Self::Late { seconds } => write!(f, "no answer within {seconds} s"),
            Self::Lost(what) => f.write_str(what),
            Self::Garbage(what) => {
                let shown: String = what.chars().filter(|c| !c.is_control()).take(80).collect();
                write!(f, "an answer that is none: `{shown}`")
            }
            Self::Ours(what) => f.write_str(what),
        }
    }
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// where
    pub step: Step,
    /// how
    pub trouble: Trouble,
}

/// Whose fault it is.
#[must_use]
pub fn outcome(failed: &Failed) -> Outcome {
    let Failed { step, trouble } = failed;
    let told = format!("{step}: {trouble}");
    let relay = |fault| Outcome::NoRelay {
        fault,
        reply: match cure(failed) {
            Some(cure) => format!("{told} ({cure})"),
            None => told.clone(),
        },
    };
    match (step, trouble) {
        // 421: "service not available, closing", whatever was asked.
        (_, Trouble::Said { code: 421, .. }) => relay(RelayFault::Busy),
        (Step::Resolve | Step::Connect, _) => relay(RelayFault::Unreachable),
        (Step::Tls, Trouble::Late { .. }) => relay(RelayFault::Unreachable),
        (Step::StartTls | Step::Tls, Trouble::Said { code: 400..=499, .. }) => relay(RelayFault::Busy),
        (Step::StartTls | Step::Tls, Trouble::Said { .. } | Trouble::Ours(_)) => relay(RelayFault::Tls),
        (Step::Tls, Trouble::Lost(_) | Trouble::Garbage(_)) => relay(RelayFault::Tls),
        (Step::Login, Trouble::Said { code: 500.., .. }) => relay(RelayFault::Login),
        (Step::Sender, Trouble::Said { code: 530 | 534 | 535 | 538, .. }) => relay(RelayFault::Login),
        (Step::Greeting | Step::Hello | Step::StartTls | Step::Login | Step::Sender, trouble) => {
            match trouble {
                Trouble::Said { code: 500.., .. } | Trouble::Ours(_) => relay(RelayFault::Setup),
                Trouble::Said { .. } => relay(RelayFault::Busy),
                Trouble::Late { .. } | Trouble::Lost(_) | Trouble::Garbage(_) => {
                    relay(RelayFault::Unreachable)
                }
            }
        }
        (Step::Addressee, Trouble::Said { code: 530 | 534 | 535 | 538, .. }) => relay(RelayFault::Login),
        (Step::Addressee, Trouble::Said { words, .. }) if denies_relaying(words) => relay(RelayFault::Setup),
        (_, Trouble::Said { code: 500.., .. } | Trouble::Ours(_)) => Outcome::Refused(told),
        (_, Trouble::Said { .. }) => Outcome::Deferred(told),
        (Step::Dot | Step::Quit, _) => Outcome::Unknown(told),
        (Step::Addressee | Step::Data | Step::Body, _) => Outcome::Interrupted(told),
    }
}

/// "Relay access denied": the server takes letters for its own people only, or from those it knows.
fn denies_relaying(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    words.contains("relay")
        && ["denied", "not permitted", "prohibited", "not allowed"].iter().any(|no| words.contains(no))
}

/// What would help; `None` where nobody can know.
#[must_use]
pub fn cure(failed: &Failed) -> Option<&'static str> {
    let Failed { step, trouble } = failed;
    let words = trouble.to_string();
    Some(match (step, trouble) {
        (Step::Resolve, _) => "is the name in `mail.smtp` right, and does this machine's DNS work?",
        (Step::Connect, _) if words.contains("refused") => {
            "nothing listens there: is the port in `mail.smtp` right?"
        }
        (Step::Connect, _) => "does a firewall lie between, and is the port in `mail.smtp` right?",
        (Step::Greeting, Trouble::Late { .. }) => {
            "a server that waits for TLS says nothing: try `tls = \"implicit\"`, or port 587"
        }
        (Step::Greeting, Trouble::Garbage(_)) => "is this an SMTP server's port?",
        (Step::StartTls, Trouble::Ours(_)) => {
            "try `tls = \"implicit\"` and port 465; `tls = \"none\"` only within a guarded net"
        }
        (Step::Tls, _) if words.contains("UnknownIssuer") || words.contains("BadSignature") => {
            "its certificate comes from an authority this machine doesn't know: name its file with `ca_file`"
        }
        (Step::Tls, _) if words.contains("NotValidForName") || words.contains("not valid for") => {
            "name the server in `mail.smtp` as its certificate does"
        }
        (Step::Tls, _) if words.contains("xpired") => {
            "its certificate is out of date: its keeper must renew it, or this machine's clock is wrong"
        }
        (Step::Tls, _) if words.contains("ca_file") => "name a readable file of certificates in PEM",
        (Step::Tls, Trouble::Lost(_) | Trouble::Garbage(_)) => {
            "if `tls` is \"implicit\" and the server begins in clear, try `tls = \"starttls\"`"
        }
        (Step::Login, Trouble::Said { code: 500.., .. }) => "are `user` and the password's file right?",
        (Step::Login, Trouble::Ours(_)) if words.contains("$CREDENTIALS_DIRECTORY") => {
            "systemd gives it to the service alone; by hand put `sudo CREDENTIALS_DIRECTORY=DIR` before `duban`, with the directory of the file that `LoadCredential=` names"
        }
        (Step::Login, Trouble::Ours(_)) if words.contains("password") => {
            "name a readable file with `password_file`"
        }
        (Step::Login, Trouble::Ours(_)) => {
            "the relay offers no login over this line: leave `user` out, or use TLS"
        }
        (Step::Sender, Trouble::Said { code: 530 | 534 | 535 | 538, .. }) => {
            "it wants a login: set `user` and `password_file`"
        }
        (Step::Sender, Trouble::Ours(_)) => "set `from` in schedules/office.toml, or `mail.from`",
        (Step::Sender, Trouble::Said { code: 500.., .. }) => {
            "it doesn't take letters from this sender: set `mail.from` to an address of the account"
        }
        (Step::Addressee, Trouble::Said { .. }) if denies_relaying(&words) => {
            "it takes letters to others only from whom it knows: set `user` and `password_file`, or have it know this machine's address"
        }
        (Step::Addressee, Trouble::Said { code: 500.., .. }) => "is the address right?",
        (_, Trouble::Said { code: 400..=499, .. }) => "for now only, says the server: try again in a while",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(step: Step, code: u16, words: &str) -> Outcome {
        outcome(&Failed { step, trouble: Trouble::Said { code, words: words.to_owned() } })
    }

    fn lost(step: Step) -> Outcome {
        outcome(&Failed { step, trouble: Trouble::Lost("reset".to_owned()) })
    }

    fn relay(outcome: &Outcome) -> Option<RelayFault> {
        if let Outcome::NoRelay { fault, .. } = outcome { Some(*fault) } else { None }
    }

    #[test]
    fn what_is_said_before_a_letter_is_named_is_the_relays_matter() {
        for (step, code, fault) in [
            (Step::Greeting, 554, RelayFault::Setup),
            (Step::Greeting, 450, RelayFault::Busy),
            (Step::Hello, 501, RelayFault::Setup),
            (Step::Login, 535, RelayFault::Login),
            (Step::Login, 454, RelayFault::Busy),
            (Step::Sender, 530, RelayFault::Login),
            (Step::Sender, 553, RelayFault::Setup),
            (Step::Sender, 451, RelayFault::Busy),
            (Step::Addressee, 421, RelayFault::Busy),
            (Step::Dot, 421, RelayFault::Busy),
        ] {
            assert_eq!(relay(&said(step, code, "no")), Some(fault), "{step} {code}");
        }
        assert_eq!(relay(&said(Step::Addressee, 554, "5.7.1 Relay access denied")), Some(RelayFault::Setup));
    }

    #[test]
    fn what_is_said_about_an_addressee_or_a_letter_is_theirs() {
        assert!(matches!(said(Step::Addressee, 550, "no such user"), Outcome::Refused(_)));
        assert!(matches!(said(Step::Addressee, 450, "greylisted"), Outcome::Deferred(_)));
        assert!(matches!(said(Step::Data, 452, "full"), Outcome::Deferred(_)));
        assert!(matches!(said(Step::Dot, 554, "spam"), Outcome::Refused(_)));
        assert!(matches!(said(Step::Dot, 451, "later"), Outcome::Deferred(_)));
    }

    #[test]
    fn a_credential_that_only_the_service_gets_is_told_as_one() {
        let helps = |words: &str| {
            let failed = Failed { step: Step::Login, trouble: Trouble::Ours(words.to_owned()) };
            cure(&failed).unwrap_or_default()
        };
        let credential = helps("the password file $CREDENTIALS_DIRECTORY/smtp-password can't be used");
        assert!(credential.contains("sudo CREDENTIALS_DIRECTORY=DIR"), "{credential}");
        let file = helps("the password file /etc/duban/smtp-password can't be used");
        assert!(file.contains("name a readable file"), "{file}");
    }

    #[test]
    fn a_lost_line_is_unknown_only_after_the_final_dot() {
        for step in [Step::Resolve, Step::Connect, Step::Greeting, Step::Hello, Step::Login, Step::Sender] {
            assert_eq!(relay(&lost(step)), Some(RelayFault::Unreachable), "{step}");
        }
        for step in [Step::Addressee, Step::Data, Step::Body] {
            assert!(matches!(lost(step), Outcome::Interrupted(_)), "{step}");
        }
        assert!(matches!(lost(Step::Dot), Outcome::Unknown(_)));
    }
}
