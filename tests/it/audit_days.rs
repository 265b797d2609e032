//! Why no letter went on a day, and what became of a letter: told years later, from the journal alone.

use chrono::TimeDelta;
use duban::audit::{DueOnDay, due_on_days};
use duban::domain::command::Command;
use duban::domain::{Outcome, TaskId, UnitId};
use duban::wire::{Answer, EventsQuery};

use crate::planner_world::{World, day, plan};
use crate::support::{TestDaemon, deferred, instant, target};

/// `day stage: went` or the reason.
fn told(world: &mut World, from: &str, until: &str) -> Vec<String> {
    let unit: UnitId = "a".parse().unwrap();
    let events = world.planner().journal().read(0);
    let rows = due_on_days(events, (day(from), day(until)), Some(&unit)).unwrap();
    let line = |row: &DueOnDay| {
        let what = if row.reason.is_empty() { "went" } else { &row.reason };
        assert_eq!(row.went, row.reason.is_empty() || row.reason.starts_with('`'), "{row:?}");
        format!("{} {} {}: {what}", row.day, row.occurrence.task.task, row.stage)
    };
    rows.iter().map(line).collect()
}

#[test]
fn a_day_off_leaves_a_trace() {
    // 2021-06-12 to 14 are the Dragon Boat holidays.
    let mut world = World::with("2021-05-03 09:00", "t | a | by = 2021-06-14");
    world.days_until("2021-06-22");
    assert_eq!(
        told(&mut world, "2021-06-07", "2021-06-28"),
        [
            "2021-06-07 t lead-7d: went",
            "2021-06-13 t lead-1d: a day off (端午节); letter 2021-0611-01 of 2021-06-11 tells it; `due` stands for it in letter 2021-0611-01",
            "2021-06-14 t due: a day off (端午节); letter 2021-0611-01 of 2021-06-11 tells it",
            "2021-06-21 t overdue:2021-06-21: went",
            "2021-06-21 t escalate-leader: there is no address to send it to (2021-06-21)",
            "2021-06-28 t overdue:2021-06-28: it goes on 2021-06-28",
        ]
    );
}

#[test]
fn a_day_on_which_a_letter_was_put_off_missed_or_needless_says_so() {
    let mut world = World::at("2021-05-24 09:00");
    world.declare(&[plan("t | a | by = 2021-06-30\ndone | a | by = 2021-06-29")]);
    world.days_until("2021-05-28");
    world.done(Command::Accept { target: target("p/done"), remark: None, done_on: None });
    // The first try of the letter of 30 days before is put off until the next day.
    world.outcomes.push_back(Outcome::Deferred("451 later".into()));
    world.wake("2021-05-31 09:00");
    world.wake("2021-06-01 09:00");
    // Nobody runs on the day of seven days before; two days later it does.
    world.wake("2021-06-25 09:00");
    assert_eq!(
        told(&mut world, "2021-05-30", "2021-06-30"),
        [
            "2021-05-30 done lead-30d: a day off (weekend); letter 2021-0528-01 of 2021-05-28 tells it",
            "2021-05-31 done changed:1: letter 2021-0531-01 was taken on 2021-06-01 only (451 later)",
            "2021-05-31 t lead-30d: letter 2021-0531-01 was taken on 2021-06-01 only (451 later)",
            "2021-06-22 done lead-7d: done before it came (2021-05-28)",
            "2021-06-23 t lead-7d: nobody could send then; letter 2021-0625-01 of 2021-06-25 tells it",
            "2021-06-28 done lead-1d: done before it came (2021-05-28)",
            "2021-06-29 done due: done before it came (2021-05-28)",
            "2021-06-29 t lead-1d: it goes on 2021-06-29",
            "2021-06-30 t due: it goes on 2021-06-30",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_and_a_task_tell_each_attempt_with_its_time_and_the_servers_words() {
    let mut daemon = TestDaemon::at("2026-11-23T01:30:00Z").await;
    let letters = daemon.client.letters().await.unwrap();
    let tried = letters.into_iter().find(|letter| !letter.items.is_empty()).unwrap();
    daemon.mailer.script(deferred(1));
    let again = Command::Resend { letter: tried.letter, reason: "lost".into() };
    assert!(matches!(daemon.command(again).await, Answer::Done { .. }));
    daemon.settle().await;
    daemon.go_to("2026-11-23T06:00:00Z").await;
    let shown = daemon.client.letter(tried.letter).await.unwrap();
    let steps: Vec<(String, String)> =
        shown.steps.iter().map(|step| (step.what.clone(), step.words.clone())).collect();
    let step = |what: &str, words: &str| (what.to_owned(), words.to_owned());
    assert_eq!(
        steps,
        [
            step("queued", ""),
            step("accepted", "kept in memory"),
            step("resent", "lost"),
            step("deferred", "451 try again"),
            step("accepted", "kept in memory")
        ]
    );
    let again = shown.steps[3].again_from.unwrap() - shown.steps[3].at;
    assert!(again >= TimeDelta::minutes(1) && again <= TimeDelta::minutes(5), "{again}");
    assert_eq!(shown.steps[4].at, instant("2026-11-23T06:00:00Z"));
    let task: TaskId = tried.items[0].key.assignment.occurrence.task.clone();
    let mut query = EventsQuery { task: Some(task.to_string()), ..EventsQuery::default() };
    let mut lines = Vec::new();
    loop {
        let page = daemon.client.events(&query).await.unwrap();
        lines.extend(page.lines.iter().map(|line| line.get().to_owned()));
        if page.after == query.after {
            break;
        }
        query.after = page.after;
    }
    let of_letter = |kind: &str| {
        let letter = format!("\"letter\":\"{}\"", tried.letter);
        lines.iter().filter(|line| line.contains(kind) && line.contains(&letter)).count()
    };
    assert_eq!(
        (of_letter("LetterQueued"), of_letter("LetterDeferred"), of_letter("LetterAccepted")),
        (1, 1, 2)
    );
    daemon.stop().await;
    let run = |arguments: &[&str]| {
        let mut program = crate::process::program(daemon.home.path());
        let output = program.args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let letter = tried.letter.to_string();
    let table = run(&["letter", "show", &letter]);
    let flat = table.split_whitespace().collect::<Vec<_>>().join(" ");
    let at = |step: usize| shown.steps[step].at.format("%Y-%m-%d %H:%M:%SZ").to_string();
    assert!(flat.contains(&format!("on its way {} deferred: 451 try again; again from", at(3))), "{table}");
    assert!(flat.contains(&format!("on its way {} accepted: kept in memory", at(4))), "{table}");
    let events = run(&["events", "--task", &task.to_string()]);
    assert!(events.contains(&format!("letter/{letter}: 451 try again")), "{events}");
}
