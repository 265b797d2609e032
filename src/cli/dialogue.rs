//! Questions on the terminal, one line each: asked again, with what would be right, until the answer is understood.
//! They go to stderr, so that what a command prints stays its own.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::sync::mpsc::{SyncSender, sync_channel};

use tokio::sync::oneshot;

use super::Context;
use super::failure::Failure;
use super::print::{Ink, say};
use crate::cli::args::AskingArgs;
use crate::locale::{Message, message};

/// Longest line that is read, in bytes.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// Is told of every answer that was understood.
type Keep<'c> = Box<dyn Fn(&[String]) -> anyhow::Result<()> + 'c>;
/// A line that was read; nothing at the end.
type Line = io::Result<Option<Vec<u8>>>;

/// Somebody who is asked.
pub struct Dialogue<'c> {
    context: &'c Context,
    stdin: Stdin,
    /// answers that were given before, to be taken again
    before: VecDeque<String>,
    /// every answer that was understood
    pub given: Vec<String>,
    /// what is said where it is left before its end
    left: Message,
    /// is told of each answer that was understood
    keep: Keep<'c>,
    /// what is asked now is no part of what is kept
    is_aside: bool,
}

impl std::fmt::Debug for Dialogue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dialogue")
    }
}

impl<'c> Dialogue<'c> {
    /// With whoever sits at the terminal; nobody where there is none and nobody said to ask. `left` is said where it
    /// is left before its end.
    #[must_use]
    pub fn with(context: &'c Context, asking: AskingArgs, left: Message) -> Option<Self> {
        let is_asked = !asking.yes && (asking.ask || io::stdin().is_terminal());
        is_asked.then(|| Self {
            context,
            stdin: Stdin::default(),
            before: VecDeque::new(),
            given: Vec::new(),
            left,
            keep: Box::new(|_| Ok(())),
            is_aside: false,
        })
    }

    /// Hands every answer that is understood to this.
    pub fn keeping(&mut self, left: Message, keep: impl Fn(&[String]) -> anyhow::Result<()> + 'c) {
        self.left = left;
        self.keep = Box::new(keep);
    }

    /// Answers of before are taken first, as long as they are understood.
    pub fn repeat(&mut self, before: Vec<String>) {
        self.before = before.into();
    }

    /// Says something between questions.
    pub fn tell(&self, what: &Message) {
        say(&format!("{}\n", self.context.speech().told(what)));
    }

    /// A line that is read until it is understood; an empty one is what is proposed.
    ///
    /// # Errors
    /// Nobody answers any more.
    pub fn ask<T>(
        &mut self,
        question: &Message,
        proposed: &str,
        read: impl Fn(&str) -> Result<T, Message>,
    ) -> anyhow::Result<T> {
        self.try_ask(question, proposed, read, |_| true)
    }

    /// The same; only an answer that is `final_one` is kept, another is asked again by whoever asks.
    ///
    /// # Errors
    /// Nobody answers any more.
    pub fn try_ask<T>(
        &mut self,
        question: &Message,
        proposed: &str,
        read: impl Fn(&str) -> Result<T, Message>,
        final_one: impl Fn(&T) -> bool,
    ) -> anyhow::Result<T> {
        let (speech, printer) = (self.context.speech(), &self.context.printer);
        let question = speech.told(question);
        let question = if proposed.is_empty() { question } else { format!("{question} [{proposed}]") };
        loop {
            say(&format!("{} ", printer.ink(Ink::Bold, &format!("{question}:"))));
            let again = if self.is_aside { None } else { self.before.pop_front() };
            let line = match &again {
                Some(line) => {
                    say(&format!("{line}\n"));
                    line.clone()
                }
                None => self.line()?,
            };
            let answer = if line.is_empty() { proposed } else { &line };
            match read(answer) {
                Ok(understood) => {
                    if !self.is_aside && final_one(&understood) {
                        self.given.push(line);
                        (self.keep)(&self.given)?;
                    }
                    return Ok(understood);
                }
                Err(why) => {
                    self.before.clear();
                    printer.warn(&speech.told(&why));
                }
            }
        }
    }

    /// Questions on the way, whose answers are no part of what is kept.
    ///
    /// # Errors
    /// Those of the questions.
    pub fn aside<T>(&mut self, questions: impl FnOnce(&mut Self) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let before = std::mem::replace(&mut self.is_aside, true);
        let answers = questions(self);
        self.is_aside = before;
        answers
    }

    /// Yes or no; `otherwise` where nothing is typed.
    ///
    /// # Errors
    /// Nobody answers any more.
    pub fn confirm(&mut self, question: &Message, otherwise: bool) -> anyhow::Result<bool> {
        let proposed = self.context.speech().told(&message(if otherwise { "ask-yes" } else { "ask-no" }));
        self.ask(question, &proposed, |answer| match answer.trim().to_lowercase().as_str() {
            "是" | "好" | "对" | "可以" | "确认" | "y" | "yes" => Ok(true),
            "否" | "不" | "不是" | "不要" | "n" | "no" => Ok(false),
            _ => Err(message("ask-yes-or-no")),
        })
    }

    fn line(&mut self) -> anyhow::Result<String> {
        if let Some(line) = self.stdin.line(self.context)? {
            return Ok(line.trim().to_owned());
        }
        say("\n");
        Err(Failure::refused(self.left.clone()).into())
    }
}

/// Lines of standard input, read beside the command, so that Ctrl-C is heard while it waits.
#[derive(Debug, Default)]
struct Stdin(Option<SyncSender<oneshot::Sender<Line>>>);

impl Stdin {
    /// The next line; nothing at the end, or where it was interrupted.
    fn line(&mut self, context: &Context) -> anyhow::Result<Option<String>> {
        let (answer, read) = oneshot::channel();
        let reader = self.0.get_or_insert_with(|| {
            let (ask, asked) = sync_channel::<oneshot::Sender<_>>(1);
            std::thread::spawn(move || {
                for answer in asked {
                    let _ = answer.send(one_line());
                }
            });
            ask
        });
        if reader.send(answer).is_err() {
            return Ok(None);
        }
        let waiting = async {
            tokio::select! {
                line = read => line.unwrap_or(Ok(None)),
                _ = tokio::signal::ctrl_c() => Ok(None),
            }
        };
        let line = context.wait(waiting)??;
        // A terminal of another encoding: what can't be read is seen, and asked again where it matters.
        Ok(line.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }
}

fn one_line() -> Line {
    let mut line = Vec::new();
    io::stdin().lock().take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    Ok((!line.is_empty()).then_some(line))
}
