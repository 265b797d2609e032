//! `mail`: the way letters leave.

use clap::{Args, Subcommand};

/// `duban mail …`
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Send one letter to an address of yours, and show step by step what the relay answers
    Test(MailTestArgs),
}

/// `duban mail test`
#[derive(Debug, Args)]
#[command(after_help = "\
Needs no daemon: it reads `mail` in duban.toml and speaks to the relay itself, with the deadlines
that the daemon keeps. Exits with 1 where the letter was not taken, and says what would help.

Examples:
  duban mail test --to me@county.gov.cn
  duban mail test --to me@county.gov.cn --config /etc/duban/duban.toml")]
pub struct MailTestArgs {
    /// Where the letter goes: a mailbox you can look into
    #[arg(long, value_name = "ADDRESS")]
    pub to: String,
}
