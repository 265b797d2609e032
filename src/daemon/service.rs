//! What a service manager wants to hear (`sd_notify(3)`) and hands over (`sd_listen_fds(3)`).
//!
//! Beside `config.rs` the only place that reads the environment, through `sd-notify` and `listenfd`.
//! Without a service manager all of it does nothing.

use std::net::TcpListener;
use std::time::Duration;

use anyhow::Context as _;
use listenfd::ListenFd;
use sd_notify::NotifyState;
use tracing::debug;

use crate::planner::{Handle, Stopped};

/// It is up: doors open, files read, everything that had come is done.
pub fn tell_ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// It stops in order; the letters in flight are finished first.
pub fn tell_stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("finishing the letters in flight")]);
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(fault) = sd_notify::notify(state) {
        debug!(cause = %fault, "the service manager was not told");
    }
}

/// How often the service manager wants a sign of life: twice within its limit. `None` where it wants none.
#[must_use]
pub fn watchdog_every() -> Option<Duration> {
    // `WATCHDOG_USEC=0` asks for nothing.
    sd_notify::watchdog_enabled().map(|limit| limit / 2).filter(|every| !every.is_zero())
}

/// A sign of life after every look at the planner: a planner that hangs gives none, and is started anew.
pub async fn watch(planner: Handle, every: Duration) {
    let mut tick = tokio::time::interval(every);
    loop {
        tick.tick().await;
        if beat(&planner, || tell(&[NotifyState::Watchdog])).await.is_err() {
            return;
        }
    }
}

/// One sign of life, given only once the planner's thread itself has answered.
///
/// # Errors
/// The planner has stopped.
pub async fn beat(planner: &Handle, alive: impl FnOnce()) -> Result<(), Stopped> {
    planner.see(|_| ()).await?;
    alive();
    Ok(())
}

/// The listener that the service manager holds for us (`duban.socket`); `None` where it holds none.
///
/// To be called before other threads run: it takes the variables out of the environment.
///
/// # Errors
/// What was handed over is no TCP listener, more than one, or open to the network: nobody logs in on it yet.
pub fn handed_over() -> anyhow::Result<Option<TcpListener>> {
    let mut sockets = ListenFd::from_env();
    anyhow::ensure!(
        sockets.len() <= 1,
        "{} sockets were handed over; duban.socket has one `ListenStream=`",
        sockets.len()
    );
    let wrong = "what was handed over is no TCP listener; give `ListenStream=127.0.0.1:8780` in duban.socket";
    let Some(tcp) = sockets.take_tcp_listener(0).context(wrong)? else { return Ok(None) };
    let at = tcp.local_addr().context(wrong)?;
    anyhow::ensure!(
        at.ip().is_loopback(),
        "the socket handed over listens on {at}, open to the network, and nobody logs in on it yet; give `ListenStream=127.0.0.1:{}` in duban.socket",
        at.port()
    );
    Ok(Some(tcp))
}
