//! Fifty counties for some months each, in which units answer, the office rules and files change by chance. On the
//! days that are looked at every surface must say the same. One seed alone: `DUBAN_SEED=17`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Days, NaiveDate, NaiveTime};
use duban::domain::adoption::Declared;
use duban::planner::Input;

use super::compare::{Contradiction, shown};
use super::county::County;
use super::{Look, Looked, Watch, looked_at, rewritten, year};
use crate::simulator_plans::Rng;

const SEEDS: u64 = 50;
/// How long a county is played.
const DAYS: u64 = 64;
/// Of so many days one is looked at; in the end all is.
const LOOKED_EVERY: u64 = 8;
/// What of a trace is shown with a contradiction.
const STEPS_SHOWN: usize = 12;

/// A county by chance.
pub struct Chance {
    pub county: County,
    pub rng: Rng,
    pub files: Declared,
    /// every act that was taken, by its name
    pub taken: BTreeMap<&'static str, usize>,
    /// what was done, line by line
    pub trace: Vec<String>,
}

/// What came of a seed.
struct Played {
    seed: u64,
    contradictions: Vec<Contradiction>,
    rewritten: Vec<NaiveDate>,
    taken: BTreeMap<&'static str, usize>,
    trace: Vec<String>,
    said: usize,
    letters: usize,
}

fn hour(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
}

impl Chance {
    pub fn note(&mut self, what: impl AsRef<str>) {
        self.trace.push(format!("{} {}", self.county.today(), what.as_ref()));
    }

    /// The files are read as they are now.
    pub fn read_files(&mut self) {
        self.county.give(Input::Declared(Box::new(self.files.clone())));
    }
}

fn play(seed: u64) -> Played {
    let mut rng = Rng::new(seed);
    let first = year::first_day() + Days::new(rng.below(220));
    let county = County::at(first.and_time(NaiveTime::MIN).and_utc());
    let mut chance =
        Chance { county, rng, files: year::declared(first), taken: BTreeMap::new(), trace: Vec::new() };
    let mut watch = Watch::default();
    let mut looked = Looked::default();
    for passed in 0..DAYS {
        let today = first + Days::new(passed);
        let looks = passed % LOOKED_EVERY == seed % LOOKED_EVERY || passed + 1 == DAYS;
        let mut look = |chance: &mut Chance, evening: bool| {
            let look = Look { evening, rendered: evening };
            if looks {
                looked.add(looked_at(&mut watch, &mut chance.county, look, None));
            } else {
                watch.turn(&mut chance.county);
                chance.county.take_sent();
            }
        };
        // A busy week, then a quiet one.
        let acts =
            if (passed / 7 + seed).is_multiple_of(3) { chance.rng.below(2) } else { chance.rng.below(5) };
        let early = u64::from(passed > 0 && chance.rng.percent(15));
        for _ in 0..early {
            chance.county.set(today, hour(7));
            chance.act();
            look(&mut chance, false);
        }
        chance.county.set(today, hour(9));
        if passed == 0 {
            chance.read_files();
            for (unit, name) in [("env", "王某"), ("energy", "李某"), ("transport", "孙某")] {
                chance.county.set_leader(unit, name);
            }
        } else {
            chance.county.give(Input::Wake);
        }
        look(&mut chance, false);
        for act in early..acts {
            chance.county.set(today, hour(u32::try_from(10 + act).unwrap()));
            chance.act();
            look(&mut chance, false);
        }
        chance.county.set(today, hour(20));
        look(&mut chance, true);
    }
    let rewritten = rewritten(&watch, &chance.county);
    Played {
        seed,
        contradictions: looked.contradictions,
        rewritten,
        taken: chance.taken,
        trace: chance.trace,
        said: looked.said,
        letters: looked.letters,
    }
}

impl Played {
    /// The last steps before a contradiction that name its task.
    fn steps(&self, found: &Contradiction) -> String {
        let task: Vec<&str> = found.of.split('/').take(2).collect();
        let (task, day) = (task.join("/"), found.day.to_string());
        let before = self.trace.iter().filter(|step| step[..10] <= *day);
        let slug = task.split('/').nth(1).map(|slug| format!("TaskSlug({slug:?})")).unwrap_or_default();
        let names = |step: &&String| step.contains(&task) || !slug.is_empty() && step.contains(&slug);
        let of_task: Vec<&String> = before.filter(names).collect();
        let from = of_task.len().saturating_sub(STEPS_SHOWN);
        let mut text = String::new();
        for step in &of_task[from..] {
            let _ = writeln!(text, "      {step}");
        }
        text
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "DUBAN_SEED chooses a seed")]
fn fifty_seeds_say_the_same_everywhere() {
    let only: Option<u64> = std::env::var("DUBAN_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = only.map_or(1..SEEDS + 1, |seed| seed..seed + 1);
    let halves: Vec<Vec<u64>> =
        (0..2).map(|half| seeds.clone().filter(|seed| seed % 2 == half).collect()).collect();
    let played: Vec<Played> = std::thread::scope(|scope| {
        let half = |seeds: &[u64]| -> Vec<Played> { seeds.iter().map(|seed| play(*seed)).collect() };
        let running: Vec<_> = halves.iter().map(|seeds| scope.spawn(move || half(seeds))).collect();
        running.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    let found: Vec<(String, &Contradiction)> = played
        .iter()
        .flat_map(|one| {
            let of_seed = |found| (format!("seed {}\n{}    ", one.seed, one.steps(found)), found);
            one.contradictions.iter().map(of_seed)
        })
        .collect();
    assert!(found.is_empty(), "{}", shown(&found));
    let rewritten: Vec<(u64, &[NaiveDate])> = played
        .iter()
        .map(|one| (one.seed, one.rewritten.as_slice()))
        .filter(|(_, days)| !days.is_empty())
        .collect();
    assert_eq!(rewritten, [], "what was said of a day is said of it for ever");
    if only.is_none() {
        let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
        for (act, times) in played.iter().flat_map(|one| &one.taken) {
            *taken.entry(act).or_default() += times;
        }
        let seldom: Vec<&str> = super::acts::ALL
            .into_iter()
            .filter(|act| taken.get(act).is_none_or(|times| *times < 3))
            .collect();
        assert_eq!(seldom, [] as [&str; 0], "{taken:?}");
        let (said, letters) =
            played.iter().fold((0, 0), |(said, letters), one| (said + one.said, letters + one.letters));
        assert!(said > 500_000 && letters > 500, "{said} {letters}");
    }
}
