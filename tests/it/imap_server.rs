//! An IMAP server that does what real ones can't be made to do: it fails at a chosen command, in a
//! chosen way, so many times, and then behaves.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use duban::config::{Login, Mailbox, Tls};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Where it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Greeting,
    Login,
    Capability,
    Id,
    Select,
    Search,
    Sizes,
    Fetch,
    Store,
    Logout,
}

/// How.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// no answer
    Hang,
    /// the line is closed instead of an answer
    Drop,
    /// half of the answer, then nothing more
    HalfThenHang,
    /// half of the answer, then the line is closed
    HalfThenDrop,
    /// all of the answer but its final line, then the line is closed
    AllButDone,
    /// bytes that are no answer
    Garbage,
    /// `NO`
    No,
    /// `BYE`, then the line is closed
    Bye,
    /// a literal of so many bytes is announced
    Announce(u64),
    /// it never stops talking
    Endless,
    /// the answer is about other messages
    Others,
    /// `OK`, and nothing of what was asked
    Nothing,
    /// done as asked, and then the line is closed without a word
    DoneThenDrop,
}

#[derive(Debug)]
struct Message {
    uid: u32,
    bytes: Vec<u8>,
    seen: bool,
    flagged: bool,
}

#[derive(Debug, Default)]
struct State {
    fault: Option<(At, Fault)>,
    messages: Vec<Message>,
    connections: usize,
}

/// A running server; clones are the same one.
#[derive(Debug, Clone)]
pub struct FaultyImap {
    state: Arc<Mutex<State>>,
    address: SocketAddr,
}

impl FaultyImap {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { state: Arc::default(), address: listener.local_addr().unwrap() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.state().connections += 1;
                let server = serving.clone();
                // A client that is gone is no fault of the server.
                tokio::spawn(async move {
                    let _ = server.talk(stream).await;
                });
            }
        });
        server
    }

    /// How duban is told of it; its password's file lies in `home`.
    pub fn mailbox(&self, home: &Path) -> Mailbox {
        let password_file = home.join("imap-password");
        std::fs::write(&password_file, "right\n").unwrap();
        Mailbox {
            host: self.address.ip().to_string(),
            port: self.address.port(),
            tls: Tls::None,
            login: Login { user: "duban".to_owned(), password_file },
            folder: "INBOX".to_owned(),
            ca_file: None,
            every_minutes: 60,
        }
    }

    /// The next command of this kind fails so, once.
    pub fn fail(&self, at: At, fault: Fault) {
        self.state().fault = Some((at, fault));
    }

    /// Whether what was asked for by [`FaultyImap::fail`] has not happened.
    pub fn is_still_to_fail(&self) -> bool {
        self.state().fault.is_some()
    }

    /// How often somebody has come.
    pub fn connections(&self) -> usize {
        self.state().connections
    }

    pub fn deliver(&self, bytes: &[u8]) {
        let mut state = self.state();
        let uid = u32::try_from(state.messages.len()).unwrap() + 1;
        state.messages.push(Message { uid, bytes: bytes.to_vec(), seen: false, flagged: false });
    }

    /// UIDs of what nobody has seen.
    pub fn unseen(&self) -> Vec<u32> {
        self.state().messages.iter().filter(|message| !message.seen).map(|message| message.uid).collect()
    }

    pub fn flagged(&self) -> Vec<u32> {
        self.state().messages.iter().filter(|message| message.flagged).map(|message| message.uid).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn fault_at(&self, at: At) -> Option<Fault> {
        let mut state = self.state();
        let fault = state.fault.filter(|(wanted, _)| *wanted == at).map(|(_, fault)| fault);
        if fault.is_some() {
            state.fault = None;
        }
        fault
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read);
        if !self.answer(At::Greeting, "", b"* OK ready\r\n", &mut lines, &mut write).await? {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let (tag, command) = line.trim_end().split_once(' ').unwrap();
            let (at, data) = self.carry_out(command);
            let done = format!("{tag} OK done\r\n");
            let mut answer = data;
            answer.extend_from_slice(done.as_bytes());
            if !self.answer(at, tag, &answer, &mut lines, &mut write).await? || at == At::Logout {
                return Ok(());
            }
        }
    }

    /// What a command asks for; a mark is set unless the mark is what fails.
    fn carry_out(&self, command: &str) -> (At, Vec<u8>) {
        let words: Vec<&str> = command.split(' ').collect();
        let mut state = self.state();
        match words.as_slice() {
            ["LOGIN", ..] => (At::Login, Vec::new()),
            ["CAPABILITY"] => (At::Capability, b"* CAPABILITY IMAP4rev1 ID\r\n".to_vec()),
            ["ID", ..] => (At::Id, b"* ID NIL\r\n".to_vec()),
            ["SELECT", ..] => (At::Select, b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] fine\r\n".to_vec()),
            ["UID", "SEARCH", ..] => {
                let mut line = "* SEARCH".to_owned();
                for message in state.messages.iter().filter(|message| !message.seen) {
                    write!(line, " {}", message.uid).unwrap();
                }
                (At::Search, format!("{line}\r\n").into_bytes())
            }
            ["UID", "FETCH", set, "(UID", "RFC822.SIZE)"] => {
                let mut answer = String::new();
                for uid in set.split(',').map(|uid| uid.parse::<u32>().unwrap()) {
                    let size = state.messages.iter().find(|message| message.uid == uid).unwrap().bytes.len();
                    write!(answer, "* {uid} FETCH (UID {uid} RFC822.SIZE {size})\r\n").unwrap();
                }
                (At::Sizes, answer.into_bytes())
            }
            ["UID", "FETCH", uid, ..] => {
                let message = state.messages.iter().find(|message| message.uid.to_string() == *uid).unwrap();
                let size = message.bytes.len();
                let mut answer = format!("* {uid} FETCH (UID {uid} BODY[] {{{size}}}\r\n").into_bytes();
                answer.extend_from_slice(&message.bytes);
                answer.extend_from_slice(b")\r\n");
                (At::Fetch, answer)
            }
            ["UID", "STORE", uid, _, flag] => {
                let refused = matches!(
                    state.fault,
                    Some((At::Store, fault)) if fault != Fault::DoneThenDrop && fault != Fault::AllButDone
                );
                let message = state.messages.iter_mut().find(|message| message.uid.to_string() == *uid);
                if let Some(message) = message.filter(|_| !refused) {
                    message.seen |= *flag == "(\\Seen)";
                    message.flagged |= *flag == "(\\Flagged)";
                }
                (At::Store, Vec::new())
            }
            ["LOGOUT"] => (At::Logout, b"* BYE\r\n".to_vec()),
            other => panic!("{other:?}"),
        }
    }

    /// Answers, or fails; whether the talk goes on.
    async fn answer(
        &self,
        at: At,
        tag: &str,
        answer: &[u8],
        lines: &mut BufReader<OwnedReadHalf>,
        write: &mut OwnedWriteHalf,
    ) -> std::io::Result<bool> {
        let Some(fault) = self.fault_at(at) else {
            write.write_all(answer).await?;
            return Ok(true);
        };
        let half = &answer[..answer.len() / 2];
        let final_line = answer.strip_suffix(b"\r\n").unwrap_or(answer);
        let final_line = final_line.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        match fault {
            Fault::Hang => hung_up(lines).await?,
            Fault::Drop => {}
            Fault::HalfThenHang => {
                write.write_all(half).await?;
                hung_up(lines).await?;
            }
            Fault::HalfThenDrop => write.write_all(half).await?,
            Fault::AllButDone => write.write_all(&answer[..final_line]).await?,
            Fault::Garbage => {
                write.write_all(b"\x00\xff\xfe*** (((\r\n\r\n{{{\r\n").await?;
                hung_up(lines).await?;
            }
            Fault::No => {
                let words =
                    if tag.is_empty() { "* BYE no".to_owned() } else { format!("{tag} NO not today") };
                write.write_all(format!("{words}\r\n").as_bytes()).await?;
                return Ok(true);
            }
            Fault::Bye => write.write_all(b"* BYE shutting down\r\n").await?,
            Fault::Announce(bytes) => {
                let line = format!("* 1 FETCH (UID 1 BODY[] {{{bytes}}}\r\nFrom: a");
                write.write_all(line.as_bytes()).await?;
                hung_up(lines).await?;
            }
            Fault::Endless => {
                let line = b"* OK and another thing\r\n".repeat(1000);
                // Until the client has enough of it.
                while write.write_all(&line).await.is_ok() {}
            }
            Fault::Others => {
                let line = b"* 99 FETCH (UID 99 RFC822.SIZE 5 BODY[] {5}\r\nFrom:)\r\n";
                write.write_all(line).await?;
                write.write_all(&answer[final_line..]).await?;
                return Ok(true);
            }
            Fault::Nothing => {
                write.write_all(&answer[final_line..]).await?;
                return Ok(true);
            }
            Fault::DoneThenDrop => {}
        }
        Ok(false)
    }
}

/// Says nothing more, until the client has gone.
async fn hung_up(lines: &mut BufReader<OwnedReadHalf>) -> std::io::Result<()> {
    let mut line = String::new();
    while lines.read_line(&mut line).await? > 0 {
        line.clear();
    }
    Ok(())
}
