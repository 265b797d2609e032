//! A data directory of every version so far opens, reads back and goes on. `tests/golden/journals/`
//! keeps one of each, as `duban backup` made it then; none of them is ever changed.

use std::fs;
use std::path::{Path, PathBuf};

use duban::daemon::Clocks;
use duban::journal::{Shelf, inspect, read_archive};

use crate::support::{TestDaemon, copy};

fn golden() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/journals");
    let mut all: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.retain(|path| path.is_dir());
    all.sort();
    all
}

#[test]
fn the_version_at_hand_has_left_a_journal_for_those_to_come() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(golden().iter().any(|path| path.ends_with(version)), "add one: tests/golden/journals/README.md");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_of_every_version_opens_and_goes_on() {
    for old in golden() {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data");
        copy(&old, &data);
        let inspection = inspect(&data).unwrap();
        let faults: Vec<String> = inspection.faults().map(ToString::to_string).collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", old.display());
        assert!(inspection.letters > 0 && data.join(Shelf::Letters.dir()).is_dir());
        let head = inspection.head.unwrap();
        assert_eq!(read_archive(&data).unwrap().read(0).count() as u64, head.position);

        let hour_later = (head.recorded_at + chrono::TimeDelta::hours(1)).to_rfc3339();
        let daemon = TestDaemon::on(home, &hour_later, Clocks { ticker: None, guard: false }).await;
        let health = daemon.health().await;
        assert!(health.journal.position >= head.position && health.check.findings.is_empty(), "{health:#?}");
        assert_eq!(health.plans.followed, 1, "its plan is followed still");
        assert!(daemon.letters().is_empty(), "nothing that was taken goes again");
        drop(daemon);
    }
}
