//! `serve`: the daemon in the foreground, until ctrl-c or SIGTERM.

use std::net::TcpListener;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{error, info};

use super::Context;
use super::args::ServeArgs;
use super::failure::{Failure, Outcome};
use crate::clock::Clock;
use crate::config::{Config, Given};
use crate::daemon::{self, Running, service};
use crate::locale::message;
use crate::telemetry;

/// `serve`
///
/// # Errors
/// The daemon can't be started, or had to end.
pub(super) fn serve(context: &Context, args: &ServeArgs) -> anyhow::Result<Outcome> {
    let given = Given { listen: args.listen, log: args.log_format, ..context.given() };
    let config = Config::load(given)?;
    telemetry::init(config.log);
    // Before other threads run.
    let tcp = service::handed_over()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(until_told(context, &config, tcp));
    // After a fault nothing is waited for: what was acknowledged is safe, and a new start finds it.
    runtime.shutdown_background();
    ended
}

async fn until_told(context: &Context, config: &Config, tcp: Option<TcpListener>) -> anyhow::Result<Outcome> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let running: Running = tokio::select! {
        running = daemon::start(config, Clock::Wall, tcp) => running?,
        _ = terminate.recv() => return Ok(Outcome::Done),
        _ = interrupt.recv() => return Ok(Outcome::Done),
    };
    for line in running.greeting(context.language()).await.context("the planner stopped at once")? {
        context.printer.text(&format!("{line}\n"))?;
    }
    service::tell_ready(&format!("letters go to {}", config.mail));
    let end = tokio::select! {
        end = running.ended() => end,
        _ = terminate.recv() => stop("SIGTERM", running).await,
        _ = interrupt.recv() => stop("ctrl-c", running).await,
    };
    match end {
        Ok(()) => Ok(Outcome::Done),
        Err(fault) => {
            let causes = daemon::causes(&*fault);
            error!(causes, "duban must end");
            Err(Failure::fault(message("daemon-ended")).cure(message("cure-daemon-ended")).into())
        }
    }
}

async fn stop(why: &str, running: Running) -> daemon::End {
    info!("{why}: stopping; letters in flight are finished");
    service::tell_stopping();
    let end = running.stop().await;
    if end.is_ok() {
        info!("stopped");
    }
    end
}
