//! One seed of the simulator with all its steps: `cargo run --example simulate -- 17`.
//!
//! A second argument plants a fault: `sync-left-out`, `tail-lost`, `outcome-dropped`, `key-reused`, `stage-skipped`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::wildcard_enum_match_arm,
    reason = "the simulator is a test"
)]

#[path = "../tests/it/foretold_run.rs"]
mod foretold_run;
#[path = "../tests/it/simulator_days.rs"]
mod simulator_days;
#[path = "../tests/it/simulator_model.rs"]
mod simulator_model;
#[path = "../tests/it/simulator_plans.rs"]
mod simulator_plans;
#[path = "../tests/it/simulator_recalls.rs"]
mod simulator_recalls;
#[path = "../tests/it/simulator_run.rs"]
mod simulator_run;
#[path = "../tests/it/simulator_steps.rs"]
mod simulator_steps;

use std::process::ExitCode;

use simulator_run::{Plant, run};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let seed = arguments.next().and_then(|seed| seed.parse().ok());
    let plant = match arguments.next().as_deref() {
        None => Ok(None),
        Some("sync-left-out") => Ok(Some(Plant::Journal(duban::journal::Plant::SyncLeftOut))),
        Some("tail-lost") => Ok(Some(Plant::Journal(duban::journal::Plant::TailLost))),
        Some("outcome-dropped") => Ok(Some(Plant::Planner(duban::planner::Plant::OutcomeDropped))),
        Some("key-reused") => Ok(Some(Plant::Planner(duban::planner::Plant::KeyReused))),
        Some("stage-skipped") => Ok(Some(Plant::Planner(duban::planner::Plant::StageSkipped))),
        Some(other) => Err(other.to_owned()),
    };
    let (Some(seed), Ok(plant)) = (seed, plant) else {
        println!("usage: cargo run --example simulate -- SEED [PLANTED FAULT]");
        return ExitCode::FAILURE;
    };
    match run(seed, plant) {
        Ok((told, trace)) => {
            for line in trace {
                println!("{line}");
            }
            println!("seed {seed} keeps every promise: {told:?}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            for line in &failure.trace {
                println!("{line}");
            }
            println!("{}", failure.shown());
            ExitCode::FAILURE
        }
    }
}
