//! Asking the office: the running daemon's, else that of a stopped one's files or of the plan files alone.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use tokio::runtime::{Builder, Runtime};

use super::args::Global;
use super::failure::{Failure, Outcome};
use super::speech::Speech;
use super::{Context, files};
use crate::client::{Client, ClientFault};
use crate::clock::Clock;
use crate::config::{self, Config, Given};
use crate::domain::Evidence;
use crate::journal::{Shelves, has_journal, read_archive};
use crate::locale::{Language, message};
use crate::office::{Caller, Done, Needs, Office, Refused, RefusedKind, UseCase};
use crate::plain_file;
use crate::words::visible;

/// What a command asks with: made once, where it asks at all.
#[derive(Debug, Default)]
pub struct Asking {
    runtime: OnceCell<Runtime>,
    office: OnceCell<Office>,
}

impl Context {
    /// What was typed, as configuration.
    #[must_use]
    pub fn given(&self) -> Given {
        let Global { config, data, schedules, lang: _ } = self.global.clone();
        Given { config, data, schedules, ..Given::default() }
    }

    /// The language of what is refused: typed, or the environment's.
    #[must_use]
    pub fn language(&self) -> Language {
        Language::of(&self.global.lang.clone().unwrap_or_else(config::locale))
    }

    /// How to speak that language.
    #[must_use]
    pub fn speech(&self) -> Speech {
        Speech(self.language())
    }

    /// A client of the daemon on this data directory.
    #[must_use]
    pub fn client(&self, data: &Path) -> Client {
        let socket = Config::load(self.given()).ok().and_then(|config| config.socket);
        Client::of(data).or_through(socket).claiming(config::claimed_user()).speaking(self.language())
    }

    /// The data directory: typed, or the configuration's.
    ///
    /// # Errors
    /// A configuration that can't be read.
    pub fn data_dir(&self) -> anyhow::Result<PathBuf> {
        match &self.global.data {
            Some(data) => Ok(data.clone()),
            None => Ok(Config::load(self.given())?.data),
        }
    }

    /// The files beside the journal.
    ///
    /// # Errors
    /// A configuration that can't be read.
    pub fn shelves(&self) -> anyhow::Result<Shelves> {
        Ok(Shelves::of(&self.data_dir()?))
    }

    /// Asks the running daemon; where none runs and none is needed, the stopped one's files, or the plan files.
    ///
    /// # Errors
    /// A refusal, in the office's words; nobody to ask.
    pub fn ask<U: UseCase>(&self, ask: U) -> anyhow::Result<U::Answer> {
        let client = self.client(&self.data_dir()?);
        match self.wait(client.ask(&ask))? {
            Err(ClientFault::NoDaemon { .. }) if U::NEEDS < Needs::Planner => {
                let answer = self.files(U::NEEDS)?.answer(ask, &Caller::of_files(self.language()));
                Ok(answer.map_err(|refused| self.refused(refused))?)
            }
            answer => answer.map_err(told),
        }
    }

    /// The same of a data directory, a backup or a copied archive that is named; where none is, as [`Context::ask`].
    ///
    /// # Errors
    /// As [`Context::ask`].
    pub fn ask_of<U: UseCase>(&self, named: Option<&Path>, ask: U) -> anyhow::Result<U::Answer> {
        let Some(dir) = named else { return self.ask(ask) };
        let office = Office::stopped(read_archive(dir)?, Shelves::of(dir), Clock::Wall);
        let answer = office.and_then(|office| office.answer(ask, &Caller::of_files(self.language())));
        answer.map_err(|refused| self.refused(refused).into())
    }

    /// A refusal in the language of whoever typed.
    #[must_use]
    pub fn refused(&self, refused: Refused) -> Failure {
        refused.told_in(self.language()).into()
    }

    /// Asks for something to be done, and says what was done.
    ///
    /// # Errors
    /// As [`Context::ask`].
    pub fn tell<U: UseCase<Answer = Done>>(&self, ask: U) -> anyhow::Result<Outcome> {
        let done = self.ask(ask)?;
        self.done(&done)
    }

    /// Says what was done.
    ///
    /// # Errors
    /// What the stream says.
    pub fn done(&self, done: &Done) -> anyhow::Result<Outcome> {
        for deed in &done.deeds {
            let done = message("deed").with("words", &visible(&deed.words)).with("position", &deed.position);
            self.printer.text(&format!("{}\n", self.speech().told(&done)))?;
        }
        for refused in &done.refused {
            self.printer.warn(&refused.what);
        }
        for note in &done.notes {
            self.printer.note(note);
        }
        Ok(if done.refused.is_empty() { Outcome::Done } else { Outcome::Findings })
    }

    /// Says beside the output that these years' days off are provisional.
    pub fn tell_provisional(&self, years: &[i32]) {
        if let Some(words) = super::words::provisional(years) {
            self.printer.note(&self.speech().told(&words));
        }
    }

    /// Puts questions to the daemon of a data directory; `None` where none runs.
    ///
    /// # Errors
    /// The daemon's problem.
    pub fn ask_daemon<T>(
        &self,
        data: &Path,
        questions: impl AsyncFnOnce(Client) -> Result<T, ClientFault>,
    ) -> anyhow::Result<Option<T>> {
        match self.wait(questions(self.client(data)))? {
            Err(ClientFault::NoDaemon { .. }) => Ok(None),
            answer => answer.map(Some).map_err(told),
        }
    }

    /// Hands a file over to the daemon; its name is that of the file.
    ///
    /// # Errors
    /// It can't be read, or isn't taken.
    pub fn hand_over(&self, path: &Path) -> anyhow::Result<Evidence> {
        let cannot =
            |why: &str| Failure::refused(message("file-odd").with("path", &path.display()).with("why", why));
        let file = plain_file::open(path).map_err(|fault| cannot(&fault.to_string()))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.ok_or_else(|| cannot("?"))?;
        let client = self.client(&self.data_dir()?);
        self.wait(client.evidence(&name, file))?.map_err(told)
    }

    /// Waits for an answer, on the command's one runtime.
    ///
    /// # Errors
    /// There can be no runtime.
    pub fn wait<T>(&self, question: impl Future<Output = T>) -> anyhow::Result<T> {
        let cell = &self.asking.runtime;
        let runtime = if let Some(runtime) = cell.get() {
            runtime
        } else {
            let made = Builder::new_current_thread().enable_all().build()?;
            cell.get_or_init(|| made)
        };
        Ok(runtime.block_on(question))
    }

    /// The office of a stopped daemon's files; of the plan files where there is no journal and none is needed.
    fn files(&self, needs: Needs) -> anyhow::Result<&Office> {
        if let Some(office) = self.asking.office.get() {
            return Ok(office);
        }
        let data = self.data_dir()?;
        let stopped = if has_journal(&data) {
            let office = Office::stopped(read_archive(&data)?, Shelves::of(&data), Clock::Wall);
            Some(office.map_err(|refused| self.refused(refused))?)
        } else {
            None
        };
        let office = match stopped.filter(|office| office.ledger().office().is_some()) {
            Some(office) => office,
            None if needs == Needs::Plans => {
                Office::of_plans(&files::declared(&self.global, &self.printer)?, Clock::Wall)
            }
            None => {
                let what = message("no-journal-here").with("data", &data.display());
                return Err(Failure::fault(what).cure(message("cure-serve-or-data")).into());
            }
        };
        Ok(self.asking.office.get_or_init(|| office))
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        let Refused { kind, what, cure, message: _, cure_message: _ } = refused;
        let failure = match kind {
            RefusedKind::Decision | RefusedKind::Forbidden | RefusedKind::Held => Self::refused(what),
            RefusedKind::Wrong | RefusedKind::Fault | RefusedKind::Stopped => Self::fault(what),
        };
        failure.maybe_cure(cure)
    }
}

/// A client's fault in the words of the command line.
pub fn told(fault: ClientFault) -> anyhow::Error {
    let failure = match fault {
        ClientFault::NoDaemon { data } => {
            Failure::fault(message("no-daemon-here").with("data", &data.display()))
                .cure(message("cure-serve"))
        }
        ClientFault::NotYours { data } => {
            Failure::fault(message("daemon-of-another").with("data", &data.display()))
                .cure(message("cure-daemon-of-another"))
        }
        ClientFault::Problem { problem, .. } => Failure::refused(problem),
        ClientFault::Refused(refused) => refused.into(),
        ClientFault::Lost { what } => Failure::fault(message("answer-lost").with("what", &what)),
    };
    failure.into()
}
