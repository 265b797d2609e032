//! The one file that names tokio-cron-scheduler: a named daily wake-up at the office's sending hour.
//!
//! The crate is a small clock here and nothing more (`docs/design.md`, "Why does the scheduler
//! crate decide nothing?"). The guard loop sends the same wake-up.

use std::time::Duration;

use chrono::{DateTime, NaiveTime, Timelike as _, Utc};
use chrono_tz::Tz;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tracing::{error, info, warn};

use crate::calendar::Zone;
use crate::planner::Handle;

/// Its shutdown and its queries may hang; nobody waits longer for them.
const SCHEDULER_SECONDS_MAX: u64 = 5;

/// When the planner is woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// daily at the office's sending hour, in its zone
    SendingHour,
    /// every second, so that a test need not wait for the morning
    EverySecond,
}

/// Why a job could not be set.
#[derive(Debug, thiserror::Error)]
pub(super) enum TickerFault {
    #[error("the scheduler refused `{cron}`")]
    Refused { cron: String, source: JobSchedulerError },
    #[error("`{cron}` has no next tick")]
    Never { cron: String },
    #[error("the scheduler did not answer within {SCHEDULER_SECONDS_MAX} seconds")]
    Silent,
}

/// Keeps the job as the office wants it, until the planner has stopped.
pub(super) async fn run(planner: Handle, beat: Beat, mut changed: watch::Receiver<Option<DateTime<Utc>>>) {
    let mut set: Option<(NaiveTime, Zone)> = None;
    let mut scheduler: Option<JobScheduler> = None;
    loop {
        changed.borrow_and_update();
        let wanted = {
            let ledger = planner.ledger().read();
            (ledger.sending_hour(), ledger.zone())
        };
        if set != Some(wanted) {
            if let Some(old) = scheduler.take() {
                shut(old).await;
            }
            match start(&planner, beat, wanted.0, wanted.1).await {
                Ok((new, next)) => {
                    info!(next = %wanted.1.local(next).format("%Y-%m-%d %H:%M:%S %:z"), "ticker set");
                    scheduler = Some(new);
                }
                Err(fault) => {
                    error!(cause = %super::causes(&fault), "no ticker; the guard loop alone wakes the planner");
                }
            }
            set = Some(wanted);
        }
        if changed.changed().await.is_err() {
            break;
        }
    }
    if let Some(old) = scheduler {
        shut(old).await;
    }
}

/// The one helper that makes a job: six fields, `new_async_tz`, a body that only wakes.
async fn start(
    planner: &Handle,
    beat: Beat,
    hour: NaiveTime,
    zone: Zone,
) -> Result<(JobScheduler, DateTime<Utc>), TickerFault> {
    let cron = cron_text(beat, hour);
    let refused = |source| TickerFault::Refused { cron: cron.clone(), source };
    let tz: Tz = zone.name().parse().unwrap_or(Tz::UTC);
    let planner = planner.clone();
    let job = Job::new_async_tz(cron.as_str(), tz, move |_, _| {
        let planner = planner.clone();
        Box::pin(async move {
            let _ = planner.wake();
        })
    })
    .map_err(refused)?;
    let mut scheduler = patient(JobScheduler::new()).await?.map_err(refused)?;
    let id = patient(scheduler.add(job)).await?.map_err(refused)?;
    patient(scheduler.start()).await?.map_err(refused)?;
    let next = patient(scheduler.next_tick_for_job(id)).await?.map_err(refused)?;
    match next {
        Some(next) => Ok((scheduler, next)),
        None => Err(TickerFault::Never { cron }),
    }
}

async fn patient<T>(act: impl Future<Output = T>) -> Result<T, TickerFault> {
    timeout(Duration::from_secs(SCHEDULER_SECONDS_MAX), act).await.map_err(|_| TickerFault::Silent)
}

async fn shut(mut scheduler: JobScheduler) {
    if patient(scheduler.shutdown()).await.is_err() {
        warn!("the old ticker did not shut down; its wake-ups change nothing");
    }
}

fn cron_text(beat: Beat, hour: NaiveTime) -> String {
    match beat {
        Beat::SendingHour => format!("{} {} {} * * *", hour.second(), hour.minute(), hour.hour()),
        Beat::EverySecond => "* * * * * *".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sending_hour_is_six_fields() {
        let hour = NaiveTime::from_hms_opt(9, 5, 0).unwrap();
        assert_eq!(cron_text(Beat::SendingHour, hour), "0 5 9 * * *");
    }
}
