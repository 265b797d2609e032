//! 100,000 stages due in one second: from the wake to the last letter queued, beside writing the
//! same bytes to a raw file. `cargo bench --bench due`.
#![expect(clippy::disallowed_methods, reason = "a bench measures")]
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench prints, and stops where it fails")]

#[path = "world.rs"]
mod world;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use duban::domain::Event;
use duban::journal::{Journal, Options};
use duban::planner::{Effect, Input, Planner};

const STAGES: usize = 100_000;

fn main() {
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    println!(
        "{:>7} {:>6} {:>10} {:>8} {:>12} {:>12} {:>8}",
        "units", "sync", "stages", "letters", "duban s", "raw file s", "ratio"
    );
    for (units, sync) in [(1000, false), (1000, true), (100_000, false)] {
        let dir = home.path().join(format!("{units}-{sync}"));
        let (letters, stages, took) = duban(&dir, units, sync);
        let raw = raw(&dir, &home.path().join("raw"), sync);
        println!(
            "{units:>7} {sync:>6} {stages:>10} {letters:>8} {:>12.2} {:>12.2} {:>8.1}",
            took.as_secs_f64(),
            raw.as_secs_f64(),
            took.as_secs_f64() / raw.as_secs_f64()
        );
        fs::remove_dir_all(&dir).expect("removed");
    }
}

/// Adopts the plans a day ahead; then all stages of 30 days before come at once.
fn duban(dir: &Path, units: usize, sync: bool) -> (usize, usize, Duration) {
    let (issued, due) = (world::day("2021-05-30"), world::day("2021-06-30"));
    let declared = world::declared(units, STAGES / units, issued, due);
    let zone = declared.office.zone;
    let hour = declared.office.sending_hour;
    let options = Options { store: false, sync, ..Options::default() };
    let (journal, _) = Journal::open(dir, options, zone.instant(issued, hour)).expect("a journal");
    let mut planner = Planner::open(journal, zone.instant(issued, hour)).expect("a planner");
    let adopted =
        planner.handle(Input::Declared(Box::new(declared)), zone.instant(issued, hour)).expect("adopted");
    drop(adopted);
    let before = planner.ledger().read().head();
    let begun = Instant::now();
    let handled = planner.handle(Input::Wake, zone.instant(world::day("2021-05-31"), hour)).expect("woken");
    let took = begun.elapsed();
    let letters = handled.effects.iter().filter(|effect| matches!(effect, Effect::Queued { .. })).count();
    let stages = planner
        .journal()
        .read(before)
        .flatten()
        .map(
            |recorded| if let Event::LetterQueued(queued) = &recorded.event { queued.items.len() } else { 0 },
        )
        .sum();
    (letters, stages, took)
}

/// The same letters and as many journal bytes, one write a letter to one file.
fn raw(dir: &Path, path: &Path, sync: bool) -> Duration {
    let letters: Vec<Vec<u8>> = fs::read_dir(dir.join("letters"))
        .expect("letters")
        .map(|entry| fs::read(entry.expect("an entry").path()).expect("a letter"))
        .collect();
    let mut file = File::create(path).expect("a file");
    let begun = Instant::now();
    for letter in letters {
        file.write_all(&letter).expect("written");
        if sync {
            file.sync_data().expect("synced");
        }
    }
    begun.elapsed()
}
