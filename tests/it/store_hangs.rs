//! A daemon whose second copy hangs: it goes on, says so after ten minutes, stops when told, and the next
//! start makes the copy whole.

use std::process::Command as Program;
use std::time::Duration;

use duban::domain::command::Command;
use duban::journal::{SecondCopy, inspect};
use duban::wire::{Answer, PublicHealth, Standing};

use crate::support::{TestDaemon, instant, target};

const NOW: &str = "2026-11-24T01:00:00Z";

/// What `duban` prints beside the daemon, whatever it ends with.
fn said(daemon: &TestDaemon, args: &[&str]) -> String {
    let data = daemon.home.path().join("data");
    let output = Program::new(env!("CARGO_BIN_EXE_duban"))
        .current_dir(daemon.home.path())
        .args(args)
        .arg("--data")
        .arg(data)
        .env("NO_COLOR", "1")
        .env("LANG", "zh_CN.UTF-8")
        .env_remove("LC_ALL")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_goes_on_while_its_second_copy_hangs_says_so_by_time_and_stops_when_told() {
    let mut daemon = TestDaemon::at(NOW).await;
    daemon.stop().await;
    daemon.journal.patience.stop = Duration::from_millis(20);
    daemon.start().await;
    let whole = daemon.both_copies_whole().await;
    let hang = daemon.journal.patience.hang.clone();
    hang.hold();

    daemon.go_to("2026-11-24T01:05:00Z").await;
    let pause = Command::Pause { target: target("annual/machinery-check"), reason: "x".into() };
    assert!(matches!(daemon.command(pause).await, Answer::Done { .. }));
    daemon.go_to("2026-11-24T01:14:59Z").await;
    let health = daemon.health().await;
    let lacks = health.journal.position - whole.journal.position;
    assert!(lacks > 0);
    assert_eq!((health.status, health.store.events_behind), (Standing::Ok, lacks));
    let since = Some(instant("2026-11-24T01:05:00Z"));
    assert_eq!((health.store.behind_since, health.store.is_late), (since, false));

    daemon.go_to("2026-11-24T01:15:00Z").await;
    let health = daemon.health().await;
    assert_eq!((health.status, health.store.events_behind), (Standing::Attention, lacks));
    assert_eq!((health.store.behind_since, health.store.is_late), (since, true));
    let public = PublicHealth::from(&health);
    assert_eq!((public.status, public.store_failed, public.store_late), (Standing::Attention, false, true));
    let metrics = daemon.metrics().await;
    for line in [
        "duban_standing{is=\"attention\"} 1".to_owned(),
        format!("duban_store_behind_events {lacks}"),
        "duban_store_behind_seconds 600".to_owned(),
        "duban_store_failed 0".to_owned(),
    ] {
        assert!(metrics.lines().any(|one| one == line), "{line}:\n{metrics}");
    }
    let told = "第二份副本自2026-11-24 星期二 09:05 +08:00起一直落后，记录照常，只存一份；重启duban即补齐";
    let status = said(&daemon, &["status"]);
    assert!(status.contains(told), "{status}");
    let doctor = said(&daemon, &["doctor"]);
    assert!(doctor.contains("第二份副本自 2026-11-24 09:05 +08:00 起一直落后"), "{doctor}");
    assert!(doctor.contains(&format!("and lacks {lacks} event")), "{doctor}");

    daemon.stop().await;
    hang.release();
    daemon.start().await;
    let health = daemon.both_copies_whole().await;
    assert_eq!((health.status, health.store.behind_since), (Standing::Ok, None));
    assert_eq!(health.check.findings, [] as [String; 0]);
    daemon.stop().await;
    let events = health.journal.position;
    let second = inspect(&daemon.home.path().join("data")).unwrap().second_copy;
    assert_eq!(second, SecondCopy::Same { events });
}
