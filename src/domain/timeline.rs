//! Which stages an assignment has, and on which day each goes.

use chrono::{Datelike as _, NaiveDate};

use super::ladder::{Ladder, LadderName, Ladders};
use super::matter::{self, MatterDays};
use super::stage::Stage;
use crate::calendar::{WorkingDays, ahead, back};

/// One stage: the day the rule names, and the day it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planned {
    /// the day it goes: moved off days off
    pub goes_on: NaiveDate,
    /// which
    pub stage: Stage,
}

/// What the stages of an assignment follow from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// first day of the occurrence
    pub opens: NaiveDate,
    /// legal deadline, included
    pub deadline: Option<NaiveDate>,
    /// which ladder
    pub ladder: LadderName,
    /// whether a notice goes on opening
    pub notice: bool,
    /// a monthly collection
    pub collection: bool,
    /// stages before this day don't exist
    pub stages_from: NaiveDate,
    /// whether stages after the deadline exist
    pub chased: bool,
}

impl Course {
    /// The stages before and on the day, in no particular order.
    ///
    /// Notice, avoid, lead, due and collection move to the working day before, but never before
    /// `stages_from`; lead stages never precede the period.
    #[must_use]
    pub fn before(&self, ladders: &Ladders, working: &WorkingDays) -> Vec<Planned> {
        let mut stages = Vec::new();
        let mut add = |stage, nominal: NaiveDate, floor: NaiveDate| {
            if nominal >= self.stages_from {
                let moved = working.on_or_before(nominal);
                let goes_on = if moved >= floor { moved } else { floor };
                stages.push(Planned { goes_on, stage });
            }
        };
        if self.collection {
            add(Stage::Collection, self.opens, self.stages_from);
            return stages;
        }
        if let Some(days) = matter_days(self.ladder) {
            return self.of_matter(days, working);
        }
        // An ongoing matter gets a date only by a return: then it is followed like any date.
        let name = match (self.ladder, self.deadline) {
            (LadderName::None, Some(_)) => LadderName::Standard,
            (name, _) => name,
        };
        let Some(ladder) = ladder_of(ladders, name) else {
            return stages;
        };
        if self.notice {
            add(Stage::Notice, self.opens, self.stages_from);
        }
        if self.ladder == LadderName::Avoid {
            for days in &ladder.before {
                add(Stage::Avoid, back(self.opens, *days), self.stages_from);
            }
            return stages;
        }
        let Some(deadline) = self.deadline else {
            return stages;
        };
        for days in &ladder.before {
            let nominal = back(deadline, *days);
            if nominal >= self.opens {
                let floor = working.on_or_after(self.opens).min(nominal).max(self.stages_from);
                add(Stage::lead(*days), nominal, floor);
            }
        }
        if ladder.due {
            add(Stage::Due, deadline, self.stages_from);
        }
        stages
    }

    /// 13710: a reminder on the day of the report, and before and on the day of settling. Calendar
    /// days stay where they are; working days are none off by their count.
    fn of_matter(&self, days: MatterDays, working: &WorkingDays) -> Vec<Planned> {
        let report = matter::after(self.opens, matter::REPORT_DAYS, days, working);
        let mut stages = vec![(report, Stage::Report)];
        if let Some(deadline) = self.deadline {
            let long = (deadline - self.opens).num_days() > i64::from(matter::ORDINARY_DAYS);
            let before: &[u16] = if long { &[7, 1] } else { &[1] };
            stages.extend(before.iter().map(|days| (back(deadline, *days), Stage::lead(*days))));
            stages.push((deadline, Stage::Due));
        }
        let moved = |nominal| match days {
            MatterDays::Calendar => nominal,
            MatterDays::Working => working.on_or_before(nominal).max(self.opens),
        };
        // The letter that assigns it stands for its first day.
        let goes = stages.into_iter().filter(|(nominal, _)| *nominal > self.opens);
        let goes = goes.filter(|(nominal, _)| *nominal >= self.stages_from);
        goes.map(|(nominal, stage)| Planned { goes_on: moved(nominal), stage }).collect()
    }

    /// The day after which the assignment counts as overdue; the adoption where the deadline lay before it.
    #[must_use]
    pub fn anchor(&self) -> Option<NaiveDate> {
        if !self.chased {
            return None;
        }
        self.deadline.map(|deadline| deadline.max(self.stages_from))
    }

    /// The first round after the one of `last`, not before `rounds_from`.
    #[must_use]
    pub fn next_round(
        &self,
        last: Option<NaiveDate>,
        rounds_from: NaiveDate,
        ladders: &Ladders,
        working: &WorkingDays,
    ) -> Option<Planned> {
        let anchor = self.anchor()?;
        let earliest = ahead(last.map_or(anchor, |last| last.max(anchor)), 1).max(rounds_from);
        let wait = (7 + ladders.overdue.every.num_days_from_monday()
            - earliest.weekday().num_days_from_monday())
            % 7;
        let nominal = ahead(earliest, u16::try_from(wait).unwrap_or(0));
        Some(Planned { goes_on: working.on_or_after(nominal), stage: Stage::Overdue(nominal) })
    }

    /// The two escalations, to the leader and to the supervision unit.
    #[must_use]
    pub fn escalations(&self, ladders: &Ladders, working: &WorkingDays) -> Vec<Planned> {
        let Some(anchor) = self.anchor() else {
            return Vec::new();
        };
        let planned = |stage, days| Planned { goes_on: working.on_or_after(ahead(anchor, days)), stage };
        vec![
            planned(Stage::EscalateLeader, ladders.overdue.leader_after),
            planned(Stage::EscalateSupervision, ladders.overdue.supervision_after),
        ]
    }
}

/// How the days of 13710 are counted on this ladder; `None` where it is another.
fn matter_days(name: LadderName) -> Option<MatterDays> {
    match name {
        LadderName::Matter => Some(MatterDays::Calendar),
        LadderName::MatterWorking => Some(MatterDays::Working),
        LadderName::Standard
        | LadderName::Brief
        | LadderName::Daily
        | LadderName::Avoid
        | LadderName::None => None,
    }
}

/// The ladder of that name; `None` where there are no stages.
#[must_use]
pub fn ladder_of(ladders: &Ladders, name: LadderName) -> Option<&Ladder> {
    match name {
        LadderName::Standard => Some(&ladders.standard),
        LadderName::Brief => Some(&ladders.brief),
        LadderName::Daily => Some(&ladders.daily),
        LadderName::Avoid => Some(&ladders.avoid),
        LadderName::None | LadderName::Matter | LadderName::MatterWorking => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{OffSpan, WorkingYear};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn course(opens: &str, deadline: &str) -> Course {
        Course {
            opens: day(opens),
            deadline: Some(day(deadline)),
            ladder: LadderName::Standard,
            notice: true,
            collection: false,
            stages_from: day(opens),
            chased: true,
        }
    }

    fn dragon_boat() -> WorkingDays {
        WorkingDays::new([WorkingYear {
            year: 2021,
            notice: None,
            off: vec![OffSpan {
                name: "端午节".into(), from: day("2021-06-12"), until: day("2021-06-14")
            }],
            work: vec![],
        }])
    }

    #[test]
    fn a_quarter_is_told_of_on_opening_and_three_times_before_its_day() {
        let mut stages =
            course("2021-07-01", "2021-09-30").before(&Ladders::default(), &WorkingDays::default());
        stages.sort();
        let shown: Vec<String> = stages.iter().map(|s| format!("{} {}", s.goes_on, s.stage)).collect();
        assert_eq!(
            shown,
            [
                "2021-07-01 notice",
                "2021-08-31 lead-30d",
                "2021-09-23 lead-7d",
                "2021-09-29 lead-1d",
                "2021-09-30 due"
            ]
        );
    }

    #[test]
    fn rounds_go_on_mondays_or_the_working_day_after() {
        let course = course("2021-05-24", "2021-05-31");
        let (ladders, working) = (Ladders::default(), dragon_boat());
        let first = course.next_round(None, course.stages_from, &ladders, &working).unwrap();
        assert_eq!((first.goes_on, first.stage), (day("2021-06-07"), Stage::Overdue(day("2021-06-07"))));
        let second =
            course.next_round(Some(day("2021-06-07")), course.stages_from, &ladders, &working).unwrap();
        assert_eq!((second.goes_on, second.stage), (day("2021-06-15"), Stage::Overdue(day("2021-06-14"))));
    }

    #[test]
    fn what_was_past_at_adoption_escalates_from_the_adoption() {
        let mut late = course("2021-05-24", "2021-04-30");
        late.stages_from = day("2021-05-24");
        let days: Vec<_> = late
            .escalations(&Ladders::default(), &WorkingDays::default())
            .iter()
            .map(|s| s.goes_on)
            .collect();
        assert_eq!(days, [day("2021-05-31"), day("2021-06-08")]);
        assert!(
            late.before(&Ladders::default(), &WorkingDays::default())
                .iter()
                .all(|s| s.stage == Stage::Notice)
        );
    }
}
