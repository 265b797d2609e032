//! A county's office in memory for the consistency test: the planner on its own thread, a clock that is set,
//! every letter taken at once, and the units' pages behind their own router.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, RwLockReadGuard, mpsc};
use std::thread::JoinHandle;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use duban::clock::{Clock, ManualClock};
use duban::domain::command::Command;
use duban::domain::{
    Actor, ActorKind, Answers, Draft, Envelope, ItemAnswer, Ledger, LetterId, Outcome, Recipient, Recorded,
    UnitId, Via,
};
use duban::journal::{Disk, FaultyDisk, Journal, Options, Shelves};
use duban::link::{Link, LinkKey, Links};
use duban::locale::Language;
use duban::office::drafts::DraftShelf;
use duban::office::{Caller, Office, UseCase};
use duban::planner::{Answer, Effect, Handle, Input, Person, Planner, run};
use duban::web::{self, Desk, unit};
use http_body_util::BodyExt as _;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tokio::sync::watch;

/// Opens every page of this office.
const KEY: [u8; 32] = *b"the consistency test knows this.";
/// Where its letters say that pages are.
const HOST: &str = "duban.example";
const MIB: u64 = 1024 * 1024;

/// A letter that left, with the facts it was written from.
pub struct Sent {
    pub draft: Draft,
    pub envelope: Envelope,
}

/// The office at work.
pub struct County {
    pub now: DateTime<Utc>,
    clock: ManualClock,
    handle: Handle,
    office: Office,
    shelves: Shelves,
    planner: Option<JoinHandle<()>>,
    effects: mpsc::Receiver<Effect>,
    drafts: BTreeMap<LetterId, Draft>,
    sent: Vec<Sent>,
    folded: u64,
}

impl County {
    pub fn at(now: DateTime<Utc>) -> Self {
        let options = Options {
            disk: Disk::Faulty(FaultyDisk::new(1)),
            store: false,
            journal_id: Some(uuid::Uuid::nil()),
            ..Options::default()
        };
        let (journal, _) = Journal::open(Path::new("/data"), options, now).unwrap();
        let links =
            Links { key: LinkKey::new(KEY), base_url: Some(format!("https://{HOST}")), ..Links::rehearsed() };
        let planner = Planner::open(journal, now).unwrap().with_links(links.clone());
        let clock = ManualClock::at(now);
        let (reader, shelves) = (planner.journal().reader().clone(), planner.journal().shelves().clone());
        let kept = (reader, shelves.clone());
        let (handle, turning) = run(planner, Clock::Manual(clock.clone()));
        let office =
            Office::running(handle.clone(), kept, Clock::Manual(clock.clone()), MIB).with_links(links);
        let (tell, effects) = mpsc::channel();
        let planner = std::thread::spawn(move || {
            let told = |effect| tell.send(effect).unwrap_or_default();
            turning.until_stopped(told, |_| {}).unwrap();
        });
        Self {
            now,
            clock,
            handle,
            office,
            shelves,
            planner: Some(planner),
            effects,
            drafts: BTreeMap::new(),
            sent: Vec::new(),
            folded: 0,
        }
    }

    pub fn ledger(&self) -> RwLockReadGuard<'_, Ledger> {
        self.handle.ledger().read()
    }

    /// The civil day in Shanghai.
    pub fn today(&self) -> NaiveDate {
        (self.now + TimeDelta::hours(8)).date_naive()
    }

    /// Moves the clock to a time of a day in Shanghai; never back.
    pub fn set(&mut self, day: NaiveDate, time: NaiveTime) {
        let at = day.and_time(time).and_utc() - TimeDelta::hours(8);
        self.now = self.now.max(at);
        self.clock.set(self.now);
    }

    /// The office's handle, as the command line asks it.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// One input; every letter that follows is taken at once.
    pub fn give(&mut self, input: Input) -> Answer {
        let answer = self.ask(input);
        let mut waiting: Vec<Effect> = self.effects.try_iter().collect();
        while !waiting.is_empty() {
            for effect in waiting {
                match effect {
                    Effect::Queued { draft, .. } => {
                        self.drafts.insert(draft.letter, *draft);
                    }
                    Effect::Send(envelope) => {
                        let letter = envelope.letter;
                        let outcome = Outcome::Accepted("250 taken".to_owned());
                        self.ask(Input::Outcome { letter, outcome });
                        if let Some(draft) = self.drafts.remove(&letter) {
                            self.sent.push(Sent { draft, envelope });
                        }
                    }
                }
            }
            waiting = self.effects.try_iter().collect();
        }
        answer
    }

    fn ask(&self, input: Input) -> Answer {
        self.clock.set(self.now);
        let (reply, answer) = mpsc::channel();
        let reply = Box::new(move |answer| reply.send(answer).unwrap_or_default());
        self.handle.give(input, Some(reply)).unwrap();
        answer.recv().expect("the planner stopped")
    }

    /// What the office does; whether it was taken.
    pub fn command(&mut self, command: Command) -> Result<(), String> {
        let by = Actor { kind: ActorKind::Admin, name: "督察室".to_owned(), via: Via::Cli };
        self.told(Input::Command { command: Box::new(command), by, request: None })
    }

    /// What a unit hands in by its link; whether it was taken.
    pub fn answer(&mut self, answers: Answers) -> Result<(), String> {
        self.answer_by(Via::Link, answers)
    }

    /// What a unit says by some way: by any but its link it is the office that records it.
    pub fn answer_by(&mut self, via: Via, answers: Answers) -> Result<(), String> {
        let by = if via == Via::Link {
            Actor { kind: ActorKind::Unit, name: answers.unit.to_string(), via }
        } else {
            Actor { kind: ActorKind::Admin, name: "督察室".to_owned(), via }
        };
        let command = Box::new(Command::Answer { answers: Box::new(answers) });
        self.told(Input::Command { command, by, request: None })
    }

    fn told(&mut self, input: Input) -> Result<(), String> {
        match self.give(input) {
            Answer::Done { .. } | Answer::Declared(_) => Ok(()),
            Answer::Refused(why) => Err(why.to_string()),
            Answer::ClockHeld { .. } => Err("the clock is held".to_owned()),
        }
    }

    pub fn set_leader(&mut self, unit: &str, name: &str) {
        let person = Person {
            salt: String::new(),
            name: name.to_owned(),
            post: "副县长".to_owned(),
            address: format!("leader.{unit}@duban.example"),
            phone: String::new(),
        };
        let by = Actor { kind: ActorKind::Admin, name: "督察室".to_owned(), via: Via::Cli };
        self.told(Input::SetLeader { unit: unit.parse().unwrap(), person: Some(person), by, request: None })
            .unwrap();
    }

    /// The letters that left since this was asked last.
    pub fn take_sent(&mut self) -> Vec<Sent> {
        std::mem::take(&mut self.sent)
    }

    /// The events recorded since this was asked last.
    pub fn take_events(&mut self) -> Vec<Recorded> {
        let events = self.events(self.folded);
        self.folded += events.len() as u64;
        events
    }

    /// The events after a position.
    pub fn events(&self, after: u64) -> Vec<Recorded> {
        let (tell, told) = mpsc::channel();
        let look = Box::new(move |planner: &Planner| {
            let events: Result<Vec<Recorded>, _> = planner.journal().read(after).collect();
            tell.send(events.unwrap()).unwrap_or_default();
        });
        self.handle.look(look).unwrap();
        told.recv().unwrap()
    }

    /// The pages of these units as they are now, each opened by the link of the unit's last letter.
    pub fn pages(&self, units: &[UnitId]) -> Vec<(UnitId, String)> {
        let (key, today) = (LinkKey::new(KEY), self.today());
        let tokens: Vec<(UnitId, String)> = {
            let ledger = self.ledger();
            let last = |unit: &UnitId| {
                let to = Recipient::Unit(unit.clone());
                let letters = ledger.letters().filter(|(_, letter)| letter.queued.to == to);
                let letter = *letters.last()?.0;
                Some((unit.clone(), key.token(&Link { letter, last_day: today })))
            };
            units.iter().filter_map(last).collect()
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let desk = self.desk();
        runtime.block_on(async {
            let service = TowerToHyperService::new(web::public(Arc::new(desk)));
            let mut pages = Vec::new();
            for (unit, token) in tokens {
                let request = Request::get(format!("/u/{token}"))
                    .header(header::HOST, HOST)
                    .header("x-forwarded-for", unit.as_str())
                    .body(Body::empty())
                    .unwrap();
                let answer = service.call(request).await.unwrap();
                assert_eq!(answer.status(), StatusCode::OK, "the page of {unit}");
                let bytes = answer.into_body().collect().await.unwrap().to_bytes();
                pages.push((unit, String::from_utf8(bytes.to_vec()).unwrap()));
            }
            pages
        })
    }

    fn desk(&self) -> Desk {
        let now = self.now;
        let settings = unit::Settings {
            drafts: DraftShelf::of(self.shelves.clone()),
            file_bytes_max: MIB,
            request_bytes_max: MIB,
        };
        Desk {
            planner: self.handle.clone(),
            now: Box::new(move || now),
            inputs: watch::channel(None).1,
            health: Box::new(|_| unreachable!("a unit's page asks for no health")),
            figures: Box::new(|| unreachable!("a unit's page asks for no figures")),
            events: Box::new(|_, _| unreachable!("no receipt is looked at")),
            office: self.office.clone(),
            page: unit::Page::new(settings).unwrap(),
        }
    }
}

impl Drop for County {
    fn drop(&mut self) {
        self.handle.stop();
        if let Some(planner) = self.planner.take() {
            let stopped = planner.join();
            assert!(stopped.is_ok() || std::thread::panicking(), "the planner stopped over a fault");
        }
    }
}

/// What the command line would be answered, as JSON.
pub fn asked<U: UseCase>(office: &Office, ask: U) -> serde_json::Value {
    serde_json::to_value(office.answer(ask, &Caller::of_files(Language::English)).unwrap()).unwrap()
}

/// A form about one matter.
pub fn form(assignment: &str, answer: ItemAnswer) -> Answers {
    let assignment: duban::domain::AssignmentId = assignment.parse().unwrap();
    let item = duban::domain::AnswerItem { assignment: assignment.clone(), answer, evidence: Vec::new() };
    Answers {
        unit: assignment.unit,
        letter: None,
        person: None,
        becomes_contact: false,
        note: None,
        scan: None,
        said_on: None,
        items: vec![item],
    }
}
