//! What surfaces say, brought together: of one matter on one day all must say the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use chrono::NaiveDate;

/// Where something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Surface {
    /// the text of a letter
    Letter,
    /// the 反馈表 with it
    Form,
    /// the unit's page
    Page,
    /// the week's lists
    Lists,
    /// a leader's page
    Leader,
    /// the leader's page as text
    LeaderText,
    Bulletin,
    /// the ledger as JSON
    Sheet,
    /// the ledger as .xlsx
    Workbook,
    /// the ledger as .csv
    Csv,
    /// `task list` with all that was opened
    List,
    /// `task show`
    Task,
    /// `task waiting`
    Waiting,
    /// `audit as-of`
    AsOf,
    /// the events themselves
    Journal,
}

/// What is said of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// as people read it, with its period
    Title,
    /// as the plan's data has it
    TaskTitle,
    /// where it stands in its document
    Clause,
    /// 原定时限
    Original,
    /// 现定时限
    Current,
    /// the working day to aim at
    Advised,
    /// where it is: asked, review, returned, paused, over
    State,
    Light,
    OverdueDays,
    /// how often it was extended
    Extensions,
    /// until when it was extended last
    ExtendedTo,
    /// by whom and by which paper
    GrantedBy,
    /// what was granted in the month
    GrantedInMonth,
    Progress,
    Problem,
    NextSteps,
    /// letters that asked its unit
    Reminders,
    /// what of it waits for the office
    Waits,
    /// whether this month's report is missing
    Unreported,
    /// whether the letter asks its unit to fill it in
    Asked,
    /// the week's list in which it stands
    Listed,
    /// whether anybody may still speak of it as open
    Followed,
    /// that a paper names a matter which nobody knows
    Unknown,
    /// a figure in running text
    Count,
}

/// One surface's word on one matter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// `plan/task/period/unit`; of a letter's figures the letter
    pub of: String,
    pub field: Field,
    pub by: Surface,
    pub value: String,
}

/// Collects what one surface says.
#[derive(Debug)]
pub struct Speaker<'s> {
    pub all: &'s mut Vec<Said>,
    pub by: Surface,
}

impl Speaker<'_> {
    pub fn say(&mut self, of: &str, field: Field, value: impl Into<String>) {
        self.all.push(Said { of: of.to_owned(), field, by: self.by, value: value.into() });
    }

    pub fn say_day(&mut self, of: &str, field: Field, day: Option<NaiveDate>) {
        self.say(of, field, day.map(|day| day.to_string()).unwrap_or_default());
    }
}

/// Surfaces that disagree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contradiction {
    pub day: NaiveDate,
    pub of: String,
    pub field: Field,
    /// each value and who says it
    pub says: BTreeMap<String, BTreeSet<Surface>>,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} | {} | {:?} |", self.day, self.of, self.field)?;
        for (value, by) in &self.says {
            let by: Vec<String> = by.iter().map(|surface| format!("{surface:?}")).collect();
            write!(f, " {}: `{}`;", by.join(" "), value.replace('\n', "⏎"))?;
        }
        Ok(())
    }
}

/// Where what was said does not agree.
pub fn contradictions(day: NaiveDate, all: &[Said]) -> Vec<Contradiction> {
    let mut by_matter: BTreeMap<(&str, Field), BTreeMap<String, BTreeSet<Surface>>> = BTreeMap::new();
    // A matter stands in several lists: `lists` tells in which.
    for said in all.iter().filter(|said| said.field != Field::Listed) {
        let values = by_matter.entry((&said.of, said.field)).or_default();
        values.entry(said.value.clone()).or_default().insert(said.by);
    }
    let torn = by_matter.into_iter().filter(|(_, values)| values.len() > 1);
    torn.map(|((of, field), says)| Contradiction { day, of: of.to_owned(), field, says }).collect()
}

/// Each kind of contradiction with its first examples, and how often it came: the same field, and the same few
/// surfaces that differ from the rest. Before each stands where it was found.
pub fn shown(found: &[(String, &Contradiction)]) -> String {
    type Kind = (Field, BTreeSet<Surface>);
    type Found<'f> = &'f (String, &'f Contradiction);
    let mut kinds: BTreeMap<Kind, (usize, Vec<Found<'_>>)> = BTreeMap::new();
    for found in found {
        let (_, one) = found;
        let by = one.says.values().min_by_key(|by| by.len()).cloned().unwrap_or_default();
        let (count, first) = kinds.entry((one.field, by)).or_default();
        *count += 1;
        if first.len() < 3 {
            first.push(found);
        }
    }
    let mut text = format!("{} contradictions of {} kinds\n", found.len(), kinds.len());
    for (count, first) in kinds.values() {
        for (place, one) in first {
            let _ = writeln!(text, "{count} × {place}{one}");
        }
    }
    text
}
