//! What units, the office and the files do by chance.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use duban::domain::adoption::DeclaredPlan;
use duban::domain::command::{Command, NewMatter, Target};
use duban::domain::matter::{Matter, MatterClass, MatterDays};
use duban::domain::{
    AnswerItem, Answers, Assignment, AssignmentId, Digest, Due, Evidence, ItemAnswer, Plan, PlanOwner, State,
    TaskId, TaskSlug, Unit, UnitId, Via, Waits,
};

use super::chance::Chance;
use super::year;
use crate::simulator_plans::{Rng, later};

/// The names of all acts.
pub const ALL: [&str; 30] = [
    "accept",
    "add-plan",
    "assign",
    "chase",
    "close-out",
    "close-plan",
    "confirm-extension",
    "dispute",
    "done",
    "evidence",
    "extension",
    "form",
    "grant",
    "lead",
    "members",
    "move",
    "mute",
    "pause",
    "progress",
    "receipt",
    "reclassify",
    "refuse",
    "reopen",
    "resume",
    "return",
    "settle",
    "settle-dispute",
    "take-over",
    "text",
    "withdraw",
];

/// Units that lead by chance.
const LEADS: [&str; 7] = ["env", "energy", "housing", "transport", "police", "water", "finance"];

impl Chance {
    /// Something happens.
    pub fn act(&mut self) {
        match self.rng.below(100) {
            0..=54 => self.answer(),
            55..=87 => self.rule(),
            88..=95 => self.change_files(),
            _ => self.change_office(),
        }
    }

    fn taken(&mut self, name: &'static str, what: &str, result: &Result<(), String>) {
        match result {
            Ok(()) => {
                self.note(format!("{name} {what}"));
                *self.taken.entry(name).or_default() += 1;
            }
            Err(why) => self.note(format!("{name} {what} refused: {why}")),
        }
    }

    fn office(&mut self, name: &'static str, command: Command) {
        let what = format!("{command:?}");
        let result = self.county.command(command);
        self.taken(name, &what, &result);
    }

    /// Matters that fit, by name.
    fn matters(&self, fits: impl Fn(&Assignment) -> bool) -> Vec<Seen> {
        let ledger = self.county.ledger();
        let told = ledger.assignments().filter(|one| !one.occurrence.is_collection());
        let seen = |one: &Assignment| Seen {
            id: one.id(),
            state: one.state,
            deadline: one.course.deadline,
            waits: duban::domain::agenda::waiting(one).first().map(|waiting| waiting.what),
            fixed: ledger.task(&one.occurrence.task).is_some_and(|state| state.task.fixed),
        };
        told.filter(|one| fits(one)).map(seen).collect()
    }

    fn pick(&mut self, fits: impl Fn(&Assignment) -> bool) -> Option<Seen> {
        let all = self.matters(fits);
        (!all.is_empty()).then(|| self.rng.pick(&all).clone())
    }

    /// A unit hands in a form about some of its matters: by its link, or recorded by the office.
    fn answer(&mut self) {
        let today = self.county.today();
        let Some(first) = self.pick(|one| one.state.is_open()) else { return };
        let unit = first.id.unit.clone();
        let mut all = self.matters(|one| one.state.is_open() && one.unit == unit);
        let some = 1 + self.rng.below(3);
        let mut items: BTreeMap<AssignmentId, (&'static str, AnswerItem)> = BTreeMap::new();
        for _ in 0..some.min(all.len() as u64) {
            let at = usize::try_from(self.rng.below(all.len() as u64)).unwrap();
            let one = all.swap_remove(at);
            let (name, item) = said(&mut self.rng, &one, today);
            items.insert(one.id.clone(), (name, item));
        }
        let way = [Via::Link, Via::Link, Via::Mail, Via::Phone, Via::Paper, Via::Meeting];
        let via = *self.rng.pick(&way);
        let said_on =
            (via != Via::Link && self.rng.percent(50)).then(|| today - Days::new(self.rng.below(4)));
        let form = Answers {
            unit,
            letter: None,
            person: None,
            becomes_contact: false,
            note: None,
            scan: None,
            said_on,
            items: items.values().map(|(_, item)| item.clone()).collect(),
        };
        let what = format!("{via:?} {said_on:?} {:?}", form.items);
        let twice = self.rng.percent(8);
        let result = self.county.answer_by(via, form.clone());
        self.taken("form", &what, &result);
        if result.is_ok() {
            for (name, _) in items.values() {
                *self.taken.entry(name).or_default() += 1;
            }
        }
        if twice {
            let result = self.county.answer_by(via, form);
            self.taken("form", &what, &result);
        }
    }

    fn rule(&mut self) {
        let today = self.county.today();
        let reason = || "理由".to_owned();
        match self.rng.below(100) {
            0..=29 => self.review(),
            30..=35 => {
                let Some(one) = self.pick(|one| one.state.is_open()) else { return };
                let done_on = self.rng.percent(40).then(|| today - Days::new(self.rng.below(9)));
                let target = self.target(&one);
                self.office("accept", Command::Accept { target, done_on, remark: None });
            }
            36..=39 => {
                let Some(one) = self.pick(|one| one.state.is_open()) else { return };
                let new_deadline = self.rng.percent(50).then(|| later(today, self.rng.below(40)));
                let target = self.target(&one);
                self.office("return", Command::Return { target, reason: reason(), new_deadline });
            }
            40..=47 => {
                let fits = |one: &Assignment| one.state.is_chased() && one.course.deadline.is_some();
                let Some(one) = self.pick(fits) else { return };
                let new_deadline = Some(later(one.deadline.unwrap().max(today), 1 + self.rng.below(40)));
                let target = self.target(&one);
                self.grant("grant", target, new_deadline);
            }
            48..=56 => {
                let all = self.matters(|one| one.state.is_chased());
                if all.is_empty() {
                    return;
                }
                let some = 1 + self.rng.below(3);
                let targets = (0..some).map(|_| target_of(self.rng.pick(&all), true)).collect();
                let words = self.rng.percent(50).then(|| "请抓紧".to_owned());
                self.office("chase", Command::Chase { targets, words });
            }
            57..=59 => {
                let Some(one) = self.pick(|one| one.state == State::Accepted && one.is_matter()) else {
                    return;
                };
                let target = target_of(&one, true);
                self.office("close-out", Command::CloseOut { target, remark: Some("已核实".to_owned()) });
            }
            60..=63 => {
                let Some(one) = self.pick(|one| one.state.is_open()) else { return };
                let target = self.target(&one);
                self.office("pause", Command::Pause { target, reason: reason() });
            }
            64..=69 => {
                let Some(one) = self.pick(|one| one.state == State::Paused) else { return };
                let target = self.target(&one);
                self.office("resume", Command::Resume { target });
            }
            70..=76 => {
                let over = |one: &Assignment| matches!(one.state, State::Accepted | State::ClosedOut);
                let Some(one) = self.pick(over) else { return };
                let new_deadline = self.rng.percent(70).then(|| later(today, self.rng.below(40)));
                let target = self.target(&one);
                self.office("reopen", Command::Reopen { target, reason: reason(), new_deadline });
            }
            77..=79 => {
                let due = Due::By(later(today, 3 + self.rng.below(60)));
                let task = "air/boilers".parse().unwrap();
                self.office(
                    "settle",
                    Command::Settle { task, due, ground: "阳政办函〔2021〕15号".to_owned() },
                );
            }
            80..=91 => self.assign(today),
            _ => {
                let Some(one) = self.pick(|one| one.state.is_open() && one.is_matter()) else { return };
                let class = *self.rng.pick(&[MatterClass::Ordinary, MatterClass::Complex]);
                let until = (class == MatterClass::Complex && self.rng.percent(40))
                    .then(|| later(today, 5 + self.rng.below(50)));
                let target = target_of(&one, false);
                let (approver, reason) = ("县政府分管领导".to_owned(), reason());
                self.office("reclassify", Command::Reclassify { target, class, until, approver, reason });
            }
        }
    }

    /// The office looks at something that waits for it.
    fn review(&mut self) {
        let today = self.county.today();
        let Some(one) = self.pick(|one| one.waits_since().is_some()) else { return };
        let target = target_of(&one, true);
        let reason = "理由".to_owned();
        match one.waits {
            Some(Waits::Claim(_)) if self.rng.percent(60) => {
                let done_on = self.rng.percent(20).then(|| today - Days::new(self.rng.below(5)));
                self.office("accept", Command::Accept { target, done_on, remark: Some("属实".to_owned()) });
            }
            Some(Waits::Claim(_)) => {
                let new_deadline = self.rng.percent(30).then(|| later(today, self.rng.below(30)));
                self.office("return", Command::Return { target, reason, new_deadline });
            }
            Some(Waits::Extension(_)) if self.rng.percent(60) => {
                let other = self.rng.percent(20).then(|| later(today, 20 + self.rng.below(30)));
                self.grant("confirm-extension", target, other);
            }
            Some(Waits::Extension(_)) => {
                self.office("refuse", Command::RefuseExtension { target, reason });
            }
            Some(Waits::Dispute) => {
                let answer = "维持原牵头单位".to_owned();
                self.office("settle-dispute", Command::SettleDispute { target, answer });
            }
            Some(Waits::CloseOut) => {
                self.office("close-out", Command::CloseOut { target, remark: Some("已核实".to_owned()) });
            }
            None => {}
        }
    }

    fn grant(&mut self, name: &'static str, target: Target, new_deadline: Option<NaiveDate>) {
        let (approver, document_number) = ("县政府分管领导".to_owned(), "阳政办函〔2021〕9号".to_owned());
        self.office(name, Command::GrantExtension { target, new_deadline, approver, document_number });
    }

    fn assign(&mut self, today: NaiveDate) {
        let number = self.trace.len();
        let class = *self.rng.pick(&[MatterClass::Ordinary, MatterClass::Complex]);
        let days = *self.rng.pick(&[MatterDays::Calendar, MatterDays::Working]);
        let platform_number = self.rng.percent(40).then(|| format!("2021-{number}"));
        let source = "县长批示".to_owned();
        let matter = NewMatter {
            id: Some(format!("order-{number}").parse().unwrap()),
            title: format!("第{number}号交办事项"),
            text: None,
            matter: Matter { source, platform_number, class, assigned_on: today, days },
            lead: leads(&mut self.rng),
            cooperate: Vec::new(),
            until: None,
            standard: None,
        };
        self.office("assign", Command::AssignMatter { matter: Box::new(matter) });
    }

    /// The matter alone, or all whom the same is asked.
    fn target(&mut self, one: &Seen) -> Target {
        target_of(one, !self.rng.percent(25))
    }

    /// Something in the files is another from now on.
    fn change_files(&mut self) {
        let today = self.county.today();
        let at = usize::try_from(self.rng.below(self.files.plans.len() as u64)).unwrap();
        let mut plan = self.files.plans[at].plan.clone();
        let place = usize::try_from(self.rng.below(plan.tasks.len() as u64)).unwrap();
        let slug = plan.tasks[place].id.clone();
        let (mut reasons, mut grounds) = (BTreeMap::new(), BTreeMap::new());
        let task = &mut plan.tasks[place];
        let name = match self.rng.below(10) {
            0..=3 => {
                if !matches!(task.due, Due::By(_)) {
                    return;
                }
                task.due = Due::By(later(today, self.rng.below(70)));
                reasons.insert(slug.clone(), "方案须重新论证".to_owned());
                if self.rng.percent(40) {
                    grounds.insert(slug.clone(), "阳政办函〔2021〕12号".to_owned());
                }
                "move"
            }
            4..=6 => {
                task.lead = leads(&mut self.rng);
                "lead"
            }
            7..=8 => {
                if self.rng.percent(50) {
                    task.title.push('改');
                } else {
                    task.text.push_str("按月报送。");
                }
                "text"
            }
            _ => {
                if plan.tasks.len() > 3 {
                    plan.tasks.remove(place);
                }
                "withdraw"
            }
        };
        let what = format!(
            "{}/{slug} {:?}",
            plan.head.id,
            plan.tasks.get(place).map(|task| (&task.due, &task.lead))
        );
        let file = file_of(plan, reasons, grounds, self.trace.len());
        self.files.plans[at] = file;
        self.read_files();
        self.taken(name, &what, &Ok(()));
    }

    /// Plans of the office, its units.
    fn change_office(&mut self) {
        let today = self.county.today();
        match self.rng.below(10) {
            0..=1 => {
                let plan = Box::new(year::own_plan(today));
                self.office("add-plan", Command::AddPlan { plan, import: None });
            }
            2..=4 => self.move_own(today),
            5..=7 => {
                let (id, all): (&str, &[&str]) = *self.rng.pick(&[
                    ("companies", &["mill", "foundry"] as &[&str]),
                    ("towns", &["east", "west", "north"]),
                ]);
                let mut members: Vec<UnitId> = all.iter().map(|id| id.parse().unwrap()).collect();
                members.retain(|_| !self.rng.percent(30));
                let known = self.unit(id);
                self.office("members", Command::SetUnit { unit: Unit { members, ..known } });
            }
            8 => {
                let id = *self.rng.pick(&LEADS);
                let known = self.unit(id);
                let muted = !known.muted;
                self.office("mute", Command::SetUnit { unit: Unit { muted, ..known } });
            }
            _ => {
                if self.rng.percent(50) {
                    let plan = (*self.rng.pick(&["river", "annual"])).parse().unwrap();
                    self.office(
                        "close-plan",
                        Command::ClosePlan { plan, reason: "并入下年度计划".to_owned() },
                    );
                }
            }
        }
    }

    /// The date of a task in a plan of the office's own; at first the plan is taken over.
    fn move_own(&mut self, today: NaiveDate) {
        let own: Vec<TaskId> = {
            let ledger = self.county.ledger();
            let plans =
                ledger.plans().filter(|(_, plan)| plan.owner == PlanOwner::Office && plan.is_followed());
            let dated = |state: &&duban::domain::TaskState| {
                matches!(state.task.due, Due::By(_))
                    && state.withdrawn.is_none()
                    && state.task.matter.is_none()
            };
            plans
                .flat_map(|(id, plan)| {
                    let tasks = plan.tasks().filter(dated);
                    tasks.map(|state| TaskId { plan: id.clone(), task: state.task.id.clone() })
                })
                .collect()
        };
        if own.is_empty() {
            let (owner, reason) = (PlanOwner::Office, "由办公室维护".to_owned());
            self.office("take-over", Command::TakeOver { plan: "air".parse().unwrap(), owner, reason });
            return;
        }
        let task = self.rng.pick(&own).clone();
        let until = later(today, self.rng.below(70));
        let ground = self.rng.percent(50).then(|| "阳政办函〔2021〕12号".to_owned());
        let reason = "方案须重新论证".to_owned();
        self.office("move", Command::MoveDeadline { task, until, reason, ground });
    }

    fn unit(&self, id: &str) -> Unit {
        let ledger = self.county.ledger();
        Unit::clone(&ledger.unit(&id.parse().unwrap()).unwrap().unit)
    }
}

/// A matter as chance sees it.
#[derive(Debug, Clone)]
struct Seen {
    id: AssignmentId,
    state: State,
    deadline: Option<NaiveDate>,
    waits: Option<Waits>,
    fixed: bool,
}

fn target_of(one: &Seen, alone: bool) -> Target {
    Target {
        task: one.id.occurrence.task.clone(),
        period: Some(one.id.occurrence.period),
        unit: alone.then(|| one.id.unit.clone()),
    }
}

/// One unit, or two.
fn leads(rng: &mut Rng) -> Vec<UnitId> {
    let first = *rng.pick(&LEADS);
    let second = *rng.pick(&LEADS);
    let both = rng.percent(30) && first != second;
    [Some(first), both.then_some(second)].into_iter().flatten().map(|id| id.parse().unwrap()).collect()
}

fn file_of(
    plan: Plan,
    change_reasons: BTreeMap<TaskSlug, String>,
    change_grounds: BTreeMap<TaskSlug, String>,
    number: usize,
) -> DeclaredPlan {
    let file = format!("{}.toml", plan.head.id);
    let digest = Digest::of(format!("{file} {number}").as_bytes());
    DeclaredPlan { file, digest, plan, source_text: None, change_reasons, change_grounds }
}

/// What a unit says of one of its matters.
fn said(rng: &mut Rng, one: &Seen, today: NaiveDate) -> (&'static str, AnswerItem) {
    let number = rng.below(1000);
    let may_claim = one.state != State::Claimed;
    let may_ask = may_claim && !one.fixed && one.waits.is_none();
    let (name, answer) = match rng.below(100) {
        0..=14 => ("receipt", ItemAnswer::Receipt),
        15..=24 => ("progress", ItemAnswer::Unchanged),
        25..=52 if may_claim => {
            let done_on = today - Days::new(rng.below(3));
            ("done", ItemAnswer::Done { done_on, text: format!("完成{number}处") })
        }
        53..=72 if may_ask && one.deadline.is_some_and(|day| day >= today) => {
            let new_deadline = later(one.deadline.unwrap(), 3 + rng.below(45));
            let (reason, progress) = (format!("缺{number}台设备"), format!("完成{number}处"));
            ("extension", ItemAnswer::Extension { reason, progress, new_deadline, approval: None })
        }
        73..=77 => ("dispute", ItemAnswer::Dispute { text: "应由他局牵头".to_owned() }),
        78..=81 => ("evidence", ItemAnswer::Evidence),
        _ => {
            let text = format!("已推进{number}处");
            let problem = rng.percent(40).then(|| format!("缺{number}万元"));
            let next_steps = rng.percent(50).then(|| format!("再推进{number}处"));
            ("progress", ItemAnswer::Progress { text, problem, next_steps })
        }
    };
    let evidence = Evidence {
        digest: Digest::of(number.to_string().as_bytes()),
        name: format!("{number}-照片.jpg"),
        bytes: 1000,
        media_type: "image/jpeg".to_owned(),
        obtained_on: None,
    };
    let material = answer == ItemAnswer::Evidence || rng.percent(10);
    let evidence = material.then_some(evidence).into_iter().collect();
    (name, AnswerItem { assignment: one.id.clone(), answer, evidence })
}
