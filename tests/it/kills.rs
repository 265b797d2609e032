//! A hundred SIGKILLs at random moments of a busy daemon, some of them while it starts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Child, Command as Program, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use duban::client::{Client, ClientFault};
use duban::domain::command::{Command, Target};
use duban::domain::{LetterId, Unit, UnitId, Via};
use duban::wire::{Answer, CommandRequest};
use serde_json::Value;

/// Data directories, each begun from nothing: the first kills fall into the adoption.
const HOMES: u64 = 4;
const KILLS_PER_HOME: u64 = 25;
/// Clients that ask at the same time.
const CLIENTS: u64 = 3;
/// Answers asked for again after each start.
const REPEATS: usize = 4;
/// Longer than anything here may take; reached only by a fault.
const PATIENCE: Duration = Duration::from_mins(1);

/// xorshift: the same seed, the same moments and commands.
struct Chance(u64);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let len = u64::try_from(of.len()).ok().filter(|len| *len > 0)?;
        of.get(usize::try_from(self.below(len)).unwrap())
    }
}

/// What the clients were told, over all lives of one daemon.
#[derive(Default)]
struct Told {
    done: Vec<(CommandRequest, u64)>,
    refused: usize,
    /// asked when the daemon died: may or may not stand in the journal
    unanswered: Vec<CommandRequest>,
}

#[allow(clippy::disallowed_methods)]
fn now() -> Instant {
    Instant::now()
}

#[allow(clippy::disallowed_methods)]
fn pause(time: Duration) {
    std::thread::sleep(time);
}

fn spawn(home: &Path) -> Child {
    let log = fs::File::options().create(true).append(true).open(home.join("log")).unwrap();
    Program::new(env!("CARGO_BIN_EXE_duban"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .current_dir(home)
        .env("RUST_LOG", "warn")
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap()
}

fn log(home: &Path) -> String {
    fs::read_to_string(home.join("log")).unwrap_or_default()
}

/// Waits until it answers.
async fn ready(home: &Path, client: &Client, child: &mut Child) {
    let begun = now();
    while client.status().await.is_err() {
        assert_eq!(child.try_wait().unwrap(), None, "it ended by itself:\n{}", log(home));
        assert!(begun.elapsed() < PATIENCE, "it never answered:\n{}", log(home));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The shipped plans, moved to this year so that their matters are open.
fn plans_of_this_year(home: &Path) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("schedules");
    let year: u64 = duban::clock::Clock::Wall.now().format("%Y").to_string().parse().unwrap();
    for sub in ["", "source", "workdays"] {
        fs::create_dir_all(home.join("schedules").join(sub)).unwrap();
        for entry in fs::read_dir(from.join(sub)).unwrap().map(Result::unwrap) {
            let to = home.join("schedules").join(sub).join(entry.file_name());
            let name = entry.file_name().into_string().unwrap();
            if ["air.toml", "water.toml", "soil.toml"].contains(&name.as_str()) {
                fs::write(to, later(&fs::read_to_string(entry.path()).unwrap(), year - 2021)).unwrap();
            } else if entry.path().is_file() {
                fs::copy(entry.path(), to).unwrap();
            }
        }
    }
}

/// Every written date, so many years later.
fn later(text: &str, years: u64) -> String {
    let is_date = |at: usize| {
        text.get(at..at + 10).is_some_and(|date| {
            date.starts_with("20")
                && date.bytes().enumerate().all(
                    |(i, b)| {
                        if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() }
                    },
                )
        })
    };
    let mut moved = String::new();
    let mut at = 0;
    for (start, _) in text.match_indices("20") {
        if start >= at && is_date(start) {
            let year: u64 = text[start..start + 4].parse().unwrap();
            moved.push_str(&text[at..start]);
            moved.push_str(&(year + years).to_string());
            at = start + 4;
        }
    }
    moved + &text[at..]
}

/// What commands can be about.
struct World {
    targets: Vec<(Target, String)>,
    letters: Vec<LetterId>,
    units: Vec<Unit>,
}

async fn world(client: &Client) -> Result<World, ClientFault> {
    let mut targets = Vec::new();
    for task in client.tasks().await? {
        for assignment in task.occurrences.iter().flat_map(|occurrence| &occurrence.assignments) {
            let text = assignment.assignment.to_string();
            let unit: UnitId = text.rsplit('/').next().unwrap().parse().unwrap();
            let period = assignment.assignment.occurrence.period;
            let target = Target {
                task: assignment.assignment.occurrence.task.clone(),
                period: Some(period),
                unit: Some(unit),
            };
            targets.push((target, assignment.state.clone()));
        }
    }
    let letters = client.letters().await?.into_iter().map(|entry| entry.letter).collect();
    let units = client.units().await?.into_iter().map(|entry| entry.unit).collect();
    Ok(World { targets, letters, units })
}

fn wish(world: &World, chance: &mut Chance, request: &str) -> Option<Command> {
    let target = chance.one(&world.targets).map(|(target, _)| target.clone());
    Some(match chance.below(10) {
        0 => Command::Accept { target: target?, done_on: None, remark: Some("已办结".into()) },
        1..=2 => Command::Return { target: target?, reason: "材料不全".into(), new_deadline: None },
        3..=4 => Command::Pause { target: target?, reason: "等待上级".into() },
        5 => Command::Resume { target: target? },
        6..=7 => Command::Resend { letter: *chance.one(&world.letters)?, reason: "没有收到".into() },
        _ => {
            let unit = chance.one(&world.units)?;
            Command::SetUnit { unit: Unit { short: request.to_owned(), ..unit.clone() } }
        }
    })
}

/// Asks without pause until the daemon is gone.
async fn hammer(client: Client, seed: u64, told: Arc<Mutex<Told>>) {
    let mut chance = Chance::new(seed);
    let Ok(world) = world(&client).await else { return };
    for count in 0.. {
        let request = format!("r-{seed}-{count}");
        let Some(command) = wish(&world, &mut chance, &request) else { continue };
        let asked = CommandRequest { request, via: Via::Cli, command };
        let answer = client.send(&asked).await;
        let mut told = told.lock().unwrap();
        match answer {
            Ok(Answer::Done { position }) => told.done.push((asked, position)),
            Ok(Answer::Refused { .. }) => told.refused += 1,
            Ok(Answer::ClockHeld(held)) => panic!("{held:?}"),
            Err(ClientFault::Problem { problem, .. }) => panic!("{asked:?}: {problem}"),
            Err(_) => {
                told.unanswered.push(asked);
                return;
            }
        }
    }
}

/// The first answers still stand; what got none can be asked again.
async fn ask_again(client: &Client, told: &Mutex<Told>, chance: &mut Chance) {
    let (repeats, open) = {
        let mut told = told.lock().unwrap();
        let repeats: Vec<_> = (0..REPEATS).filter_map(|_| chance.one(&told.done).cloned()).collect();
        (repeats, std::mem::take(&mut told.unanswered))
    };
    for (asked, position) in repeats {
        assert_eq!(client.send(&asked).await.unwrap(), Answer::Done { position }, "{asked:?}");
    }
    for asked in open {
        if let Answer::Done { position } = client.send(&asked).await.unwrap() {
            told.lock().unwrap().done.push((asked, position));
        }
    }
}

/// One life, ended by SIGKILL: while it starts, or while it is busy.
async fn life(home: &Path, told: &Arc<Mutex<Told>>, chance: &mut Chance, seed: u64) {
    let mut child = spawn(home);
    if chance.below(3) == 0 {
        pause(Duration::from_millis(chance.below(150)));
    } else {
        let client = Client::of(&home.join("data"));
        ready(home, &client, &mut child).await;
        ask_again(&client, told, chance).await;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| tokio::spawn(hammer(client.clone(), seed * CLIENTS + number, told.clone())))
            .collect();
        tokio::time::sleep(Duration::from_millis(20 + chance.below(400))).await;
        child.kill().unwrap();
        for client in clients {
            client.await.unwrap();
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

fn events(data: &Path) -> Vec<Value> {
    let mut segments: Vec<_> =
        fs::read_dir(data.join("archive")).unwrap().map(|e| e.unwrap().path()).collect();
    segments.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
    segments.sort();
    let text: String = segments.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// How often each stage key ended, in letters or without one.
fn endings(events: &[Value]) -> BTreeMap<String, usize> {
    let mut ended = BTreeMap::new();
    for event in events {
        let data = &event["data"];
        let keys: Vec<String> = match event["type"].as_str().unwrap() {
            "LetterQueued" => {
                let items = [&data["items"], &data["merged"]];
                items.iter().filter_map(|items| items.as_array()).flatten().map(|i| text(&i["key"])).collect()
            }
            "StagesSkipped" | "StagesMissed" => data["stages"].as_array().unwrap().iter().map(text).collect(),
            _ => Vec::new(),
        };
        for key in keys {
            *ended.entry(key).or_default() += 1;
        }
    }
    ended
}

fn message_ids(outbox: &Path) -> Vec<String> {
    let mut ids = Vec::new();
    for entry in fs::read_dir(outbox).unwrap().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|end| end == "eml") {
            let text = fs::read_to_string(entry.path()).unwrap();
            let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: <")).unwrap();
            ids.push(id.trim_end_matches(['>', '\r']).to_owned());
        }
    }
    ids.sort();
    ids
}

/// Everything that was acknowledged, and every letter that was to go.
fn judge(data: &Path, told: &Told, asked_for: &BTreeSet<String>) {
    let inspection = duban::journal::inspect(data).unwrap();
    let faults: Vec<String> = inspection.faults().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let events = events(data);
    let mut answers: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for event in &events {
        if let Some(request) = event["request"].as_str() {
            answers.entry(request.to_owned()).or_default().insert(event["batch_end"].as_u64().unwrap());
        }
    }
    for (asked, position) in &told.done {
        assert_eq!(answers.get(&asked.request), Some(&BTreeSet::from([*position])), "{asked:?}");
    }
    let ended = endings(&events);
    let twice: Vec<_> = ended.iter().filter(|(_, times)| **times != 1).collect();
    assert!(twice.is_empty(), "ended more than once: {twice:#?}");
    let lost: Vec<_> = asked_for.iter().filter(|key| !ended.contains_key(*key)).collect();
    assert!(lost.is_empty(), "never went: {lost:#?}");
    let of = |kind: &'static str| events.iter().filter(move |event| event["type"] == kind);
    let accepted: BTreeSet<String> =
        of("LetterAccepted").map(|event| text(&event["data"]["letter"])).collect();
    let mut due: Vec<String> = of("LetterQueued")
        .filter(|event| accepted.contains(&text(&event["data"]["letter"])))
        .map(|event| text(&event["data"]["message_id"]))
        .collect();
    due.sort();
    assert_eq!(message_ids(&data.join("outbox")), due, "the outbox holds each letter once");
}

/// Lets it finish, ends it in order, and asks `audit verify` too.
async fn settle(home: &Path, told: &Arc<Mutex<Told>>, chance: &mut Chance) {
    let client = Client::of(&home.join("data"));
    let mut child = spawn(home);
    ready(home, &client, &mut child).await;
    ask_again(&client, told, chance).await;
    let begun = now();
    while client.status().await.unwrap().letters.unsettled > 0 {
        assert!(begun.elapsed() < PATIENCE, "letters never left:\n{}", log(home));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let pid = nix::unistd::Pid::from_raw(child.id().try_into().unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0), "{}", log(home));
    let audit = Program::new(env!("CARGO_BIN_EXE_duban"));
    let verified = { audit }.args(["audit", "verify"]).current_dir(home).output().unwrap();
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_kills_lose_nothing_acknowledged_and_no_reminder() {
    let calm = tempfile::tempdir().unwrap();
    plans_of_this_year(calm.path());
    let mut chance = Chance::new(20_260_524);
    settle(calm.path(), &Arc::default(), &mut chance).await;
    let asked_for: BTreeSet<String> = endings(&events(&calm.path().join("data"))).into_keys().collect();
    assert!(asked_for.len() > 100, "busy: {}", asked_for.len());
    let (mut done, mut refused) = (0, 0);
    for number in 0..HOMES {
        let home = tempfile::tempdir().unwrap();
        plans_of_this_year(home.path());
        let told: Arc<Mutex<Told>> = Arc::default();
        for kill in 0..KILLS_PER_HOME {
            life(home.path(), &told, &mut chance, number * KILLS_PER_HOME + kill).await;
        }
        settle(home.path(), &told, &mut chance).await;
        let told = told.lock().unwrap();
        judge(&home.path().join("data"), &told, &asked_for);
        (done, refused) = (done + told.done.len(), refused + told.refused);
    }
    eprintln!("{done} commands done, {refused} refused");
    assert!(done > 200, "the daemon was busy: {done}");
}
