//! Composes the rooms: journal, planner on its own thread, plan files, clocks, courier, HTTP.
//!
//! The order of a start: fold, read the files, catch up, send again what is queued; only then the
//! clocks. Tests, ctrl-c and SIGTERM all stop it through [`Running::stop`].

mod checked;
mod connections;
mod courier;
mod guard;
mod health;
mod http;
mod mailbox;
mod privacy;
mod probe;
pub mod rehearsal;
mod reload;
pub mod secrets;
pub mod service;
mod sweep;
mod ticker;

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::{info, warn};

pub(crate) use crate::office::causes;
pub use courier::SEND_SECONDS_MAX;
pub use guard::{SLEEP_SECONDS_MAX, SLEEP_SECONDS_MIN};
pub use mailbox::ROUND_MESSAGES_MAX;
pub use reload::Reread;
pub use ticker::Beat;

use crate::clock::Clock;
use crate::config::{Config, Mail, Schedules, Tls};
use crate::domain::Envelope;
use crate::journal::{Journal, JournalFault, OpenReport, Options};
use crate::link::{LinkKey, Links};
use crate::locale::{self, Language, Message, Value, message};
use crate::mail::imap::Patience;
use crate::mail::{FolderMailer, Mailer, SmtpMailer};
use crate::office::{Office, accounts_recorded};
use crate::planner::{self, Answer, Effect, Handle, Input, Planner, PlannerFault, Stopped};
use crate::private_dir;
use checked::Checked;
use courier::Courier;
use health::Pulse;
use mailbox::Collector;
use reload::Files;

/// On stopping, letters in flight get this long.
pub const STOP_SECONDS_MAX: u64 = 20;

/// Which clocks wake the planner. Either alone suffices; both run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// tokio-cron-scheduler
    pub ticker: Option<Beat>,
    /// the plain loop
    pub guard: bool,
}

impl Default for Clocks {
    fn default() -> Self {
        Self { ticker: Some(Beat::SendingHour), guard: true }
    }
}

/// A running daemon.
#[derive(Debug)]
pub struct Running {
    office: Office,
    pulse: Pulse,
    moved: Arc<Notify>,
    ended: watch::Receiver<Option<End>>,
    stop_courier: oneshot::Sender<()>,
    courier: JoinHandle<()>,
    http: http::Servers,
    background: Vec<JoinHandle<()>>,
}

/// How the planner's thread ended.
pub type End = Result<(), Arc<EndFault>>;

/// Why the daemon must end.
#[derive(Debug, thiserror::Error)]
pub enum EndFault {
    /// the planner can't go on
    #[error("the planner can't go on")]
    Planner(#[from] PlannerFault),
    /// a programming error; its words stand before on stderr
    #[error("the planner's thread panicked")]
    Panicked,
}

/// Starts the daemon as configured; `tcp` is a listener handed over by a service manager.
///
/// # Errors
/// The data directory is held by another duban or damaged; the address is taken; the plan files' directory, where one was named, is not there.
pub async fn start(config: &Config, clock: Clock, tcp: Option<TcpListener>) -> anyhow::Result<Running> {
    let mailer = match &config.mail {
        Mail::Folder(folder) => Mailer::Folder(FolderMailer::new(folder)),
        Mail::Smtp(smtp) => Mailer::Smtp(SmtpMailer::new(smtp.clone())),
    };
    compose(config, clock, mailer, Clocks::default(), Options::default(), tcp).await
}

/// Starts the daemon with a mailer and clocks of the caller's, over a journal that is opened so.
///
/// # Errors
/// As [`start`].
pub async fn start_with(
    config: &Config,
    clock: Clock,
    mailer: Mailer,
    clocks: Clocks,
    journal: Options,
) -> anyhow::Result<Running> {
    compose(config, clock, mailer, clocks, journal, None).await
}

async fn compose(
    config: &Config,
    clock: Clock,
    mailer: Mailer,
    clocks: Clocks,
    journal: Options,
    tcp: Option<TcpListener>,
) -> anyhow::Result<Running> {
    if let Schedules::Dir(dir) = &config.schedules {
        anyhow::ensure!(
            dir.is_dir(),
            "there is no directory of plan files {}; give the right one with --schedules DIR",
            dir.display()
        );
    }
    let (data, now) = (config.data.clone(), clock.now());
    private_dir::create(&data)
        .with_context(|| format!("the data directory {} can't be made", data.display()))?;
    let closed = privacy::close(config)?;
    // The second copy opens with many small reads: not on a tokio worker.
    let (planner, report) = tokio::task::spawn_blocking(move || open(&data, journal, now)).await??;
    let link_key = secrets::link_key(&config.data, !report.created)?;
    let links = links(config, link_key);
    let files_bell = Arc::new(Notify::new());
    let planner = planner.with_links(links.clone()).with_bell(files_bell.clone());
    let (reader, shelves) = (planner.journal().reader().clone(), planner.journal().shelves().clone());
    let page = http::page(config, shelves.clone())?;
    let by_hand = accounts_recorded::differences(&shelves, &reader)?;
    for difference in &by_hand {
        warn!("{}", locale::told(Language::English, difference));
    }
    let checked = Checked::follow(report, closed, &config.data);
    // Before anything is decided: a taken address must not be found out after letters have gone.
    let doors = http::Doors::open(config, tcp).await?;
    let (planner, looped) = planner::run(planner, clock.clone());

    let (letters, waiting) = mpsc::unbounded_channel();
    let (wake_at, next_wake) = watch::channel(None);
    let (end, ended) = watch::channel(None);
    let mail = shown(&mailer);
    let mails = matches!(mailer, Mailer::Smtp(_));
    let (stop_courier, stop) = oneshot::channel();
    let courier = tokio::spawn(Courier::new(mailer, planner.clone()).run(waiting, stop));
    std::thread::Builder::new().name("planner".into()).spawn(move || {
        let ended = looped.until_stopped(
            |effect| carry(effect, &letters),
            |next| {
                wake_at.send_replace(next);
            },
        );
        let result = match ended {
            Err(PlannerFault::Journal(JournalFault::Store { reason })) => {
                warn!(reason, "the second copy is not whole; the next start makes it so");
                Ok(())
            }
            other => other,
        };
        end.send_replace(Some(result.map_err(|fault| Arc::new(fault.into()))));
    })?;

    let files = Files::new(config.schedules.clone(), mails, files_bell);
    if let Err(stopped) = catch_up(&planner, &files).await {
        return Err(why(ended, stopped).await);
    }

    let pulse = Pulse {
        doors: doors.probe(clock.clone()),
        planner: planner.clone(),
        clock: clock.clone(),
        files: files.clone(),
        checked,
        data: config.data.clone().into(),
        shelves: shelves.clone(),
        reader: (!by_hand.is_empty()).then(|| reader.clone()),
        mail,
        mailbox: config
            .mailbox
            .clone()
            .map(|mailbox| Collector::new(mailbox, planner.clone(), clock.clone())),
    };
    let sweeping = sweep::follow(shelves.clone(), reader.clone(), clock.clone());
    let kept = (reader, shelves);
    let office =
        Office::running(planner.clone(), kept, clock.clone(), page.file_bytes_max()).with_links(links);
    let http = doors.serve(http::desk(&pulse, office.clone(), next_wake.clone(), page));
    let moved = Arc::new(Notify::new());
    let mut background = vec![tokio::spawn(files.clone().follow(planner.clone())), tokio::spawn(sweeping)];
    if clocks.guard {
        let guard = guard::run(planner.clone(), clock.clone(), next_wake.clone(), moved.clone());
        background.push(tokio::spawn(guard));
    }
    if let Some(beat) = clocks.ticker {
        background.push(tokio::spawn(ticker::run(planner.clone(), beat, next_wake)));
    }
    if let Some(collector) = pulse.mailbox.clone() {
        background.push(tokio::spawn(collector.follow()));
    }
    background.push(tokio::spawn(pulse.doors.clone().follow()));
    if let Some(every) = service::watchdog_every() {
        background.push(tokio::spawn(service::watch(planner, every)));
    }
    Ok(Running { office, pulse, moved, ended, stop_courier, courier, http, background })
}

impl Running {
    /// Asks the planner; for tests and for those who live in the same process.
    #[must_use]
    pub fn planner(&self) -> &Handle {
        &self.pulse.planner
    }

    /// The office, for those who live in the same process.
    #[must_use]
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// Where `/healthz` answers.
    #[must_use]
    pub fn listen(&self) -> std::net::SocketAddr {
        self.http.listen()
    }

    /// What a person wants to read at the start, a line each.
    ///
    /// # Errors
    /// The planner has stopped.
    pub async fn greeting(&self, language: Language) -> Result<Vec<String>, Stopped> {
        let health = self.pulse.health(language).await?;
        let broken = health.files.faults.iter().filter(|fault| fault.error).count();
        let mut lines = vec![message("greeting-letters").with("where", &health.mail)];
        lines.extend(health.mailbox.map(|told| message("greeting-mailbox").with("mailbox", &told.mailbox)));
        lines.push(message("greeting-health").with("listen", &self.listen()));
        let plans = message("greeting-plans").with("source", &health.files.source);
        let plans = plans.with("plans", &self.pulse.files.plans()).with("followed", &health.plans.followed);
        lines.push(plans.with("closed", &health.plans.closed));
        if broken > 0 {
            lines.push(message("greeting-faults").put("count", Value::Count(broken)));
        }
        Ok(lines.iter().map(|line| locale::told(language, line)).collect())
    }

    /// A manual clock was moved: lets the guard notice.
    pub fn time_moved(&self) {
        self.moved.notify_one();
    }

    /// Wakes the planner and waits until it has done everything that has come.
    ///
    /// # Errors
    /// The planner has stopped.
    pub async fn wake(&self) -> Result<Answer, Stopped> {
        self.pulse.planner.ask(Input::Wake).await
    }

    /// Looks into the mailbox now, if one is set, and waits until that is done; each step no longer
    /// than it may take.
    ///
    /// # Errors
    /// The planner has stopped.
    pub async fn look_into_mailbox(&self, patience: Patience) -> Result<(), Stopped> {
        match &self.pulse.mailbox {
            Some(collector) => collector.round(patience).await,
            None => Ok(()),
        }
    }

    /// Asks its own doors now, and waits until each has answered or has had its time.
    pub async fn ask_doors(&self) {
        self.pulse.doors.round().await;
    }

    /// Reads the plan files now.
    ///
    /// # Errors
    /// The planner has stopped.
    pub async fn reread(&self) -> Result<Reread, Stopped> {
        self.pulse.files.reread(&self.pulse.planner).await
    }

    /// Waits until the planner's thread has ended by itself, which it does only by a fault.
    ///
    /// # Errors
    /// That fault.
    pub async fn ended(&self) -> End {
        end_of(self.ended.clone()).await
    }

    /// Takes nothing new, finishes the letters in flight, closes the journal.
    ///
    /// # Errors
    /// The fault that the planner ended with.
    pub async fn stop(self) -> End {
        let Self { pulse, ended, stop_courier, courier, http, background, .. } = self;
        http.stop().await;
        for task in background {
            task.abort();
        }
        let _ = stop_courier.send(());
        if timeout(Duration::from_secs(STOP_SECONDS_MAX), courier).await.is_err() {
            warn!(
                "letters still in flight after {STOP_SECONDS_MAX} seconds; they go again after the next start"
            );
        }
        let _ = tokio::task::spawn_blocking(move || pulse.planner.stop()).await;
        end_of(ended).await
    }
}

/// Waits for the planner's thread; one that ends without a word has panicked.
async fn end_of(mut ended: watch::Receiver<Option<End>>) -> End {
    match ended.wait_for(Option::is_some).await {
        Ok(end) => end.clone().unwrap_or(Ok(())),
        Err(_) => Err(Arc::new(EndFault::Panicked)),
    }
}

fn open(data: &Path, options: Options, now: DateTime<Utc>) -> anyhow::Result<(Planner, OpenReport)> {
    let (journal, report) = Journal::open(data, options, now)?;
    Ok((Planner::open(journal, now).context("the journal can't be folded")?, report))
}

/// Built once, for whoever writes letters and whoever opens their links. Letters bear one where the configuration says
fn links(config: &Config, key: LinkKey) -> Links {
    let base_url = config.web.is_public.then(|| config.web.public_url.to_string());
    Links { key, base_url, days: config.web.link_days }
}

/// Everything that came while nobody ran, before the clocks start.
async fn catch_up(planner: &Handle, files: &Files) -> Result<(), Stopped> {
    files.reread(planner).await?;
    if let Answer::ClockHeld { now, last } = planner.ask(Input::Wake).await? {
        warn!(
            clock = %now, last_event = %last,
            "the clock is too far from the last event to be believed: nothing is decided until it is set right or `duban clock accept` says that it is"
        );
    }
    Ok(())
}

fn carry(effect: Effect, letters: &mpsc::UnboundedSender<Envelope>) {
    match effect {
        Effect::Queued { draft, subject } => {
            let letter = draft.letter;
            let unit = draft.to.unit().map_or("office", |unit| unit.as_str());
            if draft.waits_for_release() {
                info!(%letter, %unit, subject, "letter held: it waits for a person's release");
            } else {
                info!(%letter, %unit, subject, "letter queued");
            }
        }
        Effect::Send(envelope) => {
            // No courier any more: it goes after the next start.
            let _ = letters.send(envelope);
        }
    }
}

fn shown(mailer: &Mailer) -> Message {
    match mailer {
        Mailer::Folder(folder) => message("mail-as-files").with("dir", &folder.outbox().display()),
        Mailer::Memory(_) => message("mail-in-memory"),
        Mailer::Smtp(smtp) => {
            let how = match smtp.relay().tls {
                Tls::StartTls => "mail-starttls",
                Tls::Implicit => "mail-tls",
                Tls::None => "mail-clear",
            };
            let told = message("mail-by-smtp").with("relay", smtp.relay());
            told.put("how", Value::Word(how.to_owned()))
        }
    }
}

/// The fault behind a planner that stopped.
async fn why(mut ended: watch::Receiver<Option<End>>, stopped: Stopped) -> anyhow::Error {
    // Its thread lets callers go before it tells how it ended.
    match ended.wait_for(Option::is_some).await.as_deref() {
        Ok(Some(Err(fault))) => anyhow::Error::new(fault.clone()),
        Ok(Some(Ok(())) | None) | Err(_) => stopped.into(),
    }
}
