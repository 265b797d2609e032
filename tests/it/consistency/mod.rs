//! One matter, one truth: letter, form, page, lists, leader's page, bulletin, ledger, `task show` and `audit as-of`
//! say the same of each matter on each day, and each open matter stands in exactly the lists that it has to.
//!
//! `surfaces` reads each as its reader would, `compare` brings together what was read, `lists` tells the rule of the
//! week's lists once more. `year` is a rehearsed year, `chance` are fifty counties in which `acts` happen by chance, and
//! `planted` shows that the check finds what it is there for.

mod acts;
mod chance;
mod compare;
mod county;
mod lists;
mod planted;
mod reading;
mod surfaces;
mod year;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};
use duban::audit::{self, AsOf};
use duban::domain::{Ledger, Recorded, UnitId};

use compare::{Contradiction, Field, Said, Surface, contradictions, shown};
use county::{County, Sent};
use planted::Plant;
use surfaces::{Moment, Month};

/// What is kept between two looks.
#[derive(Default)]
struct Watch {
    month: Option<(NaiveDate, Box<Ledger>)>,
    events: Vec<Recorded>,
    before_closing: Option<Box<Ledger>>,
    /// what `audit as-of` said on the evenings of some days
    as_of: Vec<(NaiveDate, String)>,
}

/// What is looked at.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// what stands everywhere, beside what letters say
    evening: bool,
    /// pages and papers too, as they are rendered
    rendered: bool,
}

/// What a look came to.
#[derive(Default)]
struct Looked {
    contradictions: Vec<Contradiction>,
    letters: usize,
    said: usize,
    /// which surface spoke of what
    heard: BTreeSet<(Field, Surface)>,
}

impl Looked {
    fn add(&mut self, other: Self) {
        self.letters += other.letters;
        self.said += other.said;
        self.heard.extend(other.heard);
        self.contradictions.extend(other.contradictions);
    }
}

impl Watch {
    /// The ledger as it was before a plan was closed.
    fn closing(&mut self, ledger: &Ledger) {
        self.before_closing = Some(Box::new(ledger.clone()));
    }

    fn turn(&mut self, county: &mut County) {
        let first = county.today().with_day(1).unwrap();
        if self.month.as_ref().is_none_or(|(month, _)| *month != first) {
            self.month = Some((first, Box::new(county.ledger().clone())));
        }
        self.events.extend(county.take_events());
    }
}

/// Looks at what is said now: of letters that left what they say, in the evening what stands everywhere. Plants are
/// tried until they are found, where any are.
fn looked_at(
    watch: &mut Watch,
    county: &mut County,
    Look { evening, rendered }: Look,
    found: Option<&mut BTreeMap<Plant, Contradiction>>,
) -> Looked {
    watch.turn(county);
    let letters = county.take_sent();
    if letters.is_empty() && !evening {
        return Looked::default();
    }
    let day = county.today();
    let units: Vec<UnitId> = county.ledger().units().map(|state| state.unit.id.clone()).collect();
    let pages = if rendered { county.pages(&units) } else { Vec::new() };
    let ledger = county.ledger();
    let month = watch.month.as_ref().map(|(_, ledger)| &**ledger).unwrap();
    let mut moment = Moment {
        day,
        office: county.office(),
        ledger: &ledger,
        month: Month { before: month, events: &watch.events },
        before_closing: watch.before_closing.as_deref(),
        pages: &pages,
        rendered,
        plant: None,
    };
    if rendered {
        watch.as_of.push((day, as_of_rows(&ledger, day)));
    }
    let (said, contradictions) = judged(&moment, &letters, evening);
    let heard = said.iter().map(|said| (said.field, said.by)).collect();
    let Some(found) = found else {
        return Looked { contradictions, letters: letters.len(), said: said.len(), heard };
    };
    for plant in Plant::ALL {
        if found.contains_key(&plant) || plant == Plant::ClosedPlan && moment.before_closing.is_none() {
            continue;
        }
        moment.plant = Some(plant);
        let planted = judged(&moment, &letters, evening).1;
        let new = planted.into_iter().filter(|one| !contradictions.contains(one));
        if let Some(one) = new.into_iter().find(|one| plant.is_found_by(one)) {
            found.insert(plant, one);
        }
    }
    Looked { contradictions, letters: letters.len(), said: said.len(), heard }
}

fn as_of_rows(ledger: &Ledger, day: NaiveDate) -> String {
    serde_json::to_string(&duban::report::ledger_rows(ledger, day)).unwrap()
}

/// The days of which `audit as-of` says something else now than it said then.
fn rewritten(watch: &Watch, county: &County) -> Vec<NaiveDate> {
    let events = county.events(0);
    let then = |(day, said): &(NaiveDate, String)| {
        let ledger =
            audit::as_of(events.iter().cloned().map(Ok::<_, std::convert::Infallible>), AsOf::Day(*day))
                .unwrap();
        (as_of_rows(&ledger, *day) != *said).then_some(*day)
    };
    watch.as_of.iter().filter_map(then).collect()
}

fn judged(moment: &Moment<'_>, letters: &[Sent], evening: bool) -> (Vec<Said>, Vec<Contradiction>) {
    let (mut said, mut found) = (Vec::new(), Vec::new());
    if !letters.is_empty() {
        let all = surfaces::written(moment, letters);
        found.extend(contradictions(moment.day, &all));
        said.extend(all);
    }
    if evening {
        let all = surfaces::standing(moment);
        found.extend(contradictions(moment.day, &all));
        found.extend(lists::misplaced(moment.ledger, moment.day, &all));
        found.extend(lists::forgotten(moment.ledger, moment.day, &all));
        said.extend(all);
    }
    (said, found)
}

#[test]
fn a_rehearsed_year_says_the_same_everywhere() {
    let played = year::played();
    assert!(played.surprises.is_empty(), "{:#?}", played.surprises);
    let found: Vec<_> = played.contradictions.iter().map(|one| (String::new(), one)).collect();
    assert!(found.is_empty(), "{}", shown(&found));
    assert_eq!(played.rewritten, [], "what was said of a day is said of it for ever");
    assert_eq!(played.days, 365);
    assert!(played.letters > 300 && played.said > 200_000, "{} {}", played.letters, played.said);
}

#[test]
fn units_answer_and_the_office_rules_in_every_way() {
    let taken: Vec<&str> = year::played().taken.iter().map(String::as_str).collect();
    let every = [
        "accept",
        "assign",
        "chase",
        "close-out",
        "dispute",
        "done",
        "extension",
        "grant",
        "pause",
        "progress",
        "receipt",
        "refuse",
        "reopen",
        "resume",
        "return",
        "settle",
        "unchanged",
    ];
    assert_eq!(taken, every);
}

#[test]
fn each_surface_is_heard() {
    use Surface::{
        AsOf, Bulletin, Csv, Form, Journal, Leader, LeaderText, Letter, List, Lists, Page, Sheet, Task,
        Waiting, Workbook,
    };
    let papers = [Sheet, Workbook, Csv];
    let with = |others: &[Surface]| -> Vec<Surface> { papers.iter().chain(others).copied().collect() };
    for (field, surfaces) in [
        (Field::Title, vec![Letter, Form, Page, Lists, Leader, Bulletin]),
        (Field::TaskTitle, vec![List, Task, Waiting, AsOf]),
        (Field::Clause, with(&[Letter, Form, Page, Lists, Leader, LeaderText, Bulletin, List, AsOf])),
        (Field::Original, with(&[Letter, Page, Bulletin, Task, AsOf])),
        (
            Field::Current,
            with(&[Letter, Form, Page, Lists, Leader, LeaderText, Bulletin, Task, Waiting, AsOf]),
        ),
        (Field::Advised, vec![Letter, Page, Task]),
        (Field::State, with(&[Page, List, Task, AsOf])),
        (Field::Light, with(&[Page, Leader, LeaderText, Bulletin, Task])),
        (Field::OverdueDays, with(&[Letter, Form, Page, Leader, LeaderText, Bulletin, Task, AsOf])),
        (Field::Extensions, with(&[Bulletin, Task])),
        (Field::ExtendedTo, vec![Page, Task, Journal]),
        (Field::GrantedBy, with(&[Page, Task, Journal])),
        (Field::GrantedInMonth, vec![Bulletin, Journal]),
        (Field::Progress, with(&[Leader, Bulletin, Task])),
        (Field::Problem, with(&[Leader, Bulletin, Task])),
        (Field::NextSteps, with(&[Leader, Bulletin, Task])),
        (Field::Reminders, with(&[AsOf])),
        (Field::Waits, vec![Letter, Waiting]),
        (Field::Unreported, vec![Page, Lists]),
        (Field::Asked, vec![Letter, Form]),
        (Field::Listed, vec![Lists]),
        (Field::Count, vec![Letter, Page, Lists, LeaderText, Bulletin, Sheet]),
    ] {
        for by in surfaces {
            assert!(year::played().heard.contains(&(field, by)), "{by:?} says nothing of {field:?}");
        }
    }
}

/// The first contradiction that the plant brought forth in the rehearsed year.
fn found(plant: Plant) -> &'static Contradiction {
    year::played().found.get(&plant).unwrap_or_else(|| panic!("{plant:?} was not found"))
}

#[test]
fn an_extension_left_out_of_the_bulletin_is_found() {
    assert_eq!(found(Plant::ExtensionLeftOut).of, "air/dry-cleaners/once/env");
}

#[test]
fn a_list_that_forgets_a_state_is_found() {
    found(Plant::StateForgotten);
}

#[test]
fn a_form_with_one_row_less_is_found() {
    found(Plant::RowMissing);
}

#[test]
fn a_light_from_another_day_is_found() {
    found(Plant::LightOfYesterday);
}

#[test]
fn a_second_reader_of_citations_is_found() {
    assert!(found(Plant::SecondReader).says.keys().any(|clause| clause.contains("附表第")));
}

#[test]
fn a_closed_plan_that_counts_is_found() {
    assert!(found(Plant::ClosedPlan).of.starts_with("river/"));
}
