//! One row as a task and as what the old ledger said of it.

use chrono::NaiveDate;

use crate::domain::{
    Answer, Citation, Due, DueBasis, ImportedRow, LeadBasis, PlanId, Task, TaskSlug, UnitId,
};

use super::book::Cell;
use super::cells::Cells;
use super::column::Column;
use super::deadline::{Understood, deadline};
use super::fold::{folded, one_line, tidied, with_digits};
use super::report::{Finding, Kind};
use super::status::{Status, status};
use super::table::{Row, Table};
use super::units::{self, Names, Part};
use crate::locale::{Value as Words, message, texts};

/// Longest clause, in bytes.
pub const TEXT_BYTES_MAX: usize = 12 * 1024;
/// Longest title, in characters.
const TITLE_CHARS_MAX: usize = 28;

/// What rows are read by.
pub(super) struct Terms<'u> {
    pub plan: PlanId,
    pub year: Option<i32>,
    pub issued_on: Option<NaiveDate>,
    pub names: &'u Names,
}

/// What became of a row.
pub(super) enum Became {
    /// a task, with what the old ledger said of it
    Task(Box<(Task, ImportedRow)>),
    /// the old ledger says that it is not asked for any more
    Withdrawn,
    /// something of it is not understood
    LeftOut,
}

/// Reads a row. The task's id and citation are those of its number.
pub(super) fn task(table: &Table, row: &Row, slug: TaskSlug, terms: &Terms<'_>) -> (Became, Vec<Finding>) {
    if let Some(finding) = secret(row) {
        return (Became::LeftOut, vec![finding]);
    }
    let mut reading = Reading { cells: Cells::of(table, row, is_needed), terms };
    if reading.cells.is_spoiled() {
        return (Became::LeftOut, reading.cells.findings);
    }
    let became = match reading.task(row, slug) {
        Some(found) => Became::Task(Box::new(found)),
        None if reading.status() == Some(Status::Withdrawn) => {
            reading.cells.findings.clear();
            reading.cells.tell(
                Kind::Note,
                Column::Status,
                "withdrawn in the old ledger: no task is made of it",
                None,
            );
            Became::Withdrawn
        }
        None => Became::LeftOut,
    };
    (became, reading.cells.findings)
}

/// Columns that say which task it is, whose, until when, and whether it may be read at all.
fn is_needed(column: Column) -> bool {
    matches!(
        column,
        Column::Number
            | Column::Title
            | Column::Text
            | Column::Lead
            | Column::Due
            | Column::CurrentDue
            | Column::Secrecy
    )
}

/// Why a row that bears a mark is not taken in. Its words stand nowhere, not in the report either.
pub(super) fn secret(row: &Row) -> Option<Finding> {
    let mark = row.secret?;
    let what = message("sheet-secret-row").with("mark", mark);
    Some(Finding {
        row: Some(row.number),
        right: Some("the row taken out of the file".into()),
        ..Finding::on_sheet(Kind::NotUnderstood, what)
    })
}

/// A row as it is read.
pub(super) struct Reading<'t, 'u> {
    pub cells: Cells<'t>,
    pub terms: &'u Terms<'u>,
}

struct Dated {
    due: Due,
    is_target: bool,
    note: Option<String>,
    basis: DueBasis,
    original: Option<NaiveDate>,
}

impl Reading<'_, '_> {
    /// `None` where something is not understood; all of it is told, not the first only.
    fn task(&mut self, row: &Row, slug: TaskSlug) -> Option<(Task, ImportedRow)> {
        let texts = self.texts();
        let units = self.units();
        let history = self.history(row.number);
        let dated = self.dated(&history);
        let history = ImportedRow { category: history.category.or_else(|| row.heading.clone()), ..history };
        if self.status() == Some(Status::Withdrawn) {
            return None;
        }
        let ((title, text), (lead, cooperate, lead_basis), dated) = (texts?, units?, dated?);
        let history = ImportedRow { original_deadline: dated.original, ..history };
        let task = Task {
            cite: vec![self.citation(&history, &slug)?],
            id: slug,
            title,
            text,
            reading: None,
            lead,
            lead_basis,
            cooperate,
            due: dated.due,
            due_basis: dated.basis,
            due_note: dated.note,
            standard: self.cells.note(Column::Standard),
            evidence: None,
            report_to: None,
            answer: Answer::Lead,
            target: dated.is_target,
            fixed: false,
            recorded: false,
            conflicts: Vec::new(),
            matter: None,
        };
        Some((task, history))
    }

    pub(super) fn not(&mut self, column: Column, what: impl Into<Words>, right: impl Into<Words>) {
        self.cells.tell(Kind::NotUnderstood, column, what, Some(right.into()));
    }

    /// Title and text.
    pub(super) fn texts(&mut self) -> Option<(String, String)> {
        let title = one_line(&self.cells.cell(Column::Title).shown());
        let text = tidied(&self.cells.cell(Column::Text).shown());
        let (column, text) =
            if text.is_empty() { (Column::Title, title.clone()) } else { (Column::Text, text) };
        if text.is_empty() {
            self.not(Column::Text, "nothing says what is to be done", "the task's words");
            return None;
        }
        if text.len() > TEXT_BYTES_MAX {
            let what = message("sheet-text-bytes").with("bytes", &text.len()).with("most", &TEXT_BYTES_MAX);
            self.not(column, what, "the clause alone, or two rows");
            return None;
        }
        let text = self.cells.without_phones(column, text);
        let title = if title.is_empty() { &text } else { &title };
        Some((short(title), text))
    }

    /// Who leads, who cooperates.
    pub(super) fn units(&mut self) -> Option<(Vec<UnitId>, Vec<UnitId>, LeadBasis)> {
        let names = self.terms.names;
        let of = |cell: &Cell, part| units::units(&cell.shown(), part, names);
        let mut read = of(self.cells.cell(Column::Lead), Part::Leads);
        let beside = of(self.cells.cell(Column::Cooperate), Part::Cooperates);
        let mut is_known = true;
        for (column, unknown) in [(Column::Lead, &read.unknown), (Column::Cooperate, &beside.unknown)] {
            for name in unknown {
                is_known = false;
                let near = names.near(name);
                let shown: Vec<String> = near.iter().map(|(name, id)| format!("{name} ({id})")).collect();
                let near_ones = Words::All(texts(shown));
                let right = match near.as_slice() {
                    [] => message("sheet-a-unit").with("name", name),
                    [(_, id)] => {
                        message("sheet-near-unit").put("near", near_ones).with("name", name).with("id", id)
                    }
                    _ => message("sheet-near-units").put("near", near_ones).with("name", name),
                };
                self.not(column, message("sheet-no-unit").with("name", name), right);
            }
        }
        for (column, and_others) in [(Column::Lead, read.and_others), (Column::Cooperate, beside.and_others)]
        {
            if and_others {
                self.cells.tell(Kind::Assumed, column, "等: those named only", None);
            }
        }
        if read.leads.is_empty() {
            if read.unknown.is_empty() {
                self.not(Column::Lead, "no unit leads", "the unit that answers for it");
            }
            return None;
        }
        if !is_known {
            return None;
        }
        if read.leads.len() > 1 {
            let what = "several units lead: the first answers for all";
            self.cells.tell(Kind::Assumed, Column::Lead, what, None);
        }
        for unit in beside.leads.into_iter().chain(beside.cooperates) {
            if !read.leads.contains(&unit) && !read.cooperates.contains(&unit) {
                read.cooperates.push(unit);
            }
        }
        let is_inferred = self.cells.value(Column::Lead).is_some_and(|value| value.from.is_some());
        let basis = if is_inferred { LeadBasis::Inferred } else { LeadBasis::List };
        Some((read.leads, read.cooperates, basis))
    }

    /// The status column's word; told where it is not known.
    pub(super) fn status(&self) -> Option<Status> {
        status(&self.cells.cell(Column::Status).shown())
    }

    fn history(&mut self, row: u32) -> ImportedRow {
        let year = self.terms.year;
        let cells = &mut self.cells;
        ImportedRow {
            row,
            number: cells.line(Column::Number),
            platform_number: cells.line(Column::PlatformNumber),
            category: cells.line(Column::Category),
            source: cells.line(Column::Source),
            clause: cells.line(Column::Clause),
            due_text: Some(one_line(&cells.cell(Column::Due).shown())).filter(|text| !text.is_empty()),
            original_deadline: None,
            extensions: cells.count(Column::Extensions),
            approval: cells.line(Column::Approval),
            told_on: cells.day(Column::ToldOn, year),
            receipt_on: cells.day(Column::ReceiptOn, year),
            reported_on: cells.day(Column::ReportedOn, year),
            progress: cells.note(Column::Progress),
            problem: cells.note(Column::Problem),
            next_steps: cells.note(Column::NextSteps),
            reminders: cells.count(Column::Reminders),
            chases: cells.count(Column::Chases),
            claimed_on: cells.day(Column::ClaimedOn, year),
            done_on: cells.day(Column::DoneOn, year),
            verdict: cells.note(Column::Verdict),
            accepted_on: cells.day(Column::AcceptedOn, year),
            closed_out_on: cells.day(Column::ClosedOutOn, year),
            status: cells.line(Column::Status),
            evidence: cells.note(Column::Evidence),
            way: cells.line(Column::Way),
            remark: cells.note(Column::Remark),
        }
    }

    /// The deadline as it stands now, and whether the old ledger calls the task done.
    fn dated(&mut self, history: &ImportedRow) -> Option<Dated> {
        let said = self.status();
        if said.is_none() && history.status.is_some() {
            self.not(
                Column::Status,
                "the status is not known",
                Words::OneOf(vec![
                    Words::All(texts(["已完成", "在办", "待审核", "退回", "暂停"])),
                    Words::Text("取消".to_owned()),
                ]),
            );
            return None;
        }
        let ended = [(Column::AcceptedOn, history.accepted_on), (Column::ClosedOutOn, history.closed_out_on)];
        let ended = ended.into_iter().find_map(|(column, day)| Some((column, day?)));
        let is_done = said == Some(Status::Done) || said.is_none() && ended.is_some();
        let read = self.deadline(history, is_done);
        let comes_back = matches!(
            read.as_ref().map(|dated| &dated.due),
            Some(
                Due::Every(_) | Due::Ongoing | Due::YearlyWindow(_) | Due::YearlyAvoid(_) | Due::Starting(_)
            )
        );
        if comes_back {
            if is_done {
                let what = "done, but it comes back or goes on: it stays open";
                self.cells.tell(Kind::Assumed, Column::Status, what, Some("an end, where it is over".into()));
            }
            return read;
        }
        if let (Some((column, _)), false) = (ended, is_done) {
            let right = "已办结 in the status, or no date here";
            self.not(column, "the status says that it is open", right);
            return None;
        }
        if is_done {
            if said.is_none()
                && let Some((column, _)) = ended
            {
                self.cells.tell(Kind::Assumed, column, "it has a date, so it is done", None);
            }
            return Some(Dated {
                due: Due::Done(history.status.clone().unwrap_or_else(|| "已完成".to_owned())),
                is_target: false,
                note: None,
                basis: DueBasis::Printed,
                original: read.and_then(|dated| dated.original),
            });
        }
        self.tell_state(said, history);
        read
    }

    /// What a person should do about a row that is open.
    fn tell_state(&mut self, said: Option<Status>, history: &ImportedRow) {
        if said == Some(Status::Claimed) || said.is_none() && history.claimed_on.is_some() {
            let what = "it waits for review in the old ledger: accept it before the plan starts, or the unit is reminded";
            let column = if said == Some(Status::Claimed) { Column::Status } else { Column::ClaimedOn };
            self.cells.tell(
                Kind::Note,
                column,
                what,
                Some("已办结 here, or `duban task accept` once it runs".into()),
            );
        }
        if said == Some(Status::Paused) {
            let what = "paused in the old ledger: it is asked for once the plan starts";
            self.cells.tell(Kind::Note, Column::Status, what, Some("`duban task pause` once it runs".into()));
        }
    }

    /// 现定时限, or the only one there is. A task that is done needs none.
    fn deadline(&mut self, history: &ImportedRow, is_done: bool) -> Option<Dated> {
        let first = self.read_due(Column::Due, is_done);
        if self.cells.cell(Column::CurrentDue).is_empty() {
            if history.extensions.is_some_and(|times| times > 0) {
                let what = "extended, but 现定时限 is empty: the deadline is taken as it stands";
                self.cells.tell(Kind::Assumed, Column::Extensions, what, None);
            }
            return first.map(|first| dated(first, None));
        }
        let now = self.read_due(Column::CurrentDue, is_done)?;
        let dates =
            first.as_ref().and_then(|first| first.due.one_off_deadline()).zip(now.due.one_off_deadline());
        match dates {
            Some((original, current)) if current < original && !is_done => {
                self.not(
                    Column::CurrentDue,
                    message("sheet-before-original").with("original", &original),
                    "the later of the two",
                );
                None
            }
            Some((original, current)) if current > original => {
                if history.extensions.is_none_or(|times| times == 0) && !is_done {
                    let what = message("sheet-after-original").with("original", &original);
                    self.cells.tell(Kind::Assumed, Column::CurrentDue, what, None);
                }
                Some(dated(now, Some(original)))
            }
            _ => Some(dated(now, None)),
        }
    }

    fn read_due(&mut self, column: Column, is_done: bool) -> Option<Understood> {
        match deadline(self.cells.cell(column), self.terms.year) {
            Ok(read) => {
                for assumed in &read.assumed {
                    self.cells.tell(Kind::Assumed, column, assumed.told(), None);
                }
                if let Due::Awaiting(_) = read.due {
                    self.cells.tell(
                        Kind::Note,
                        column,
                        "no date in it: it awaits a local decision",
                        Some("`duban task settle`, once it is taken".into()),
                    );
                }
                let issued = self.terms.issued_on.filter(|_| !is_done);
                if let (Some(issued), Some(deadline)) = (issued, read.due.one_off_deadline())
                    && deadline < issued
                {
                    let what = message("sheet-before-issue").with("day", &deadline).with("issued", &issued);
                    self.cells.tell(Kind::Note, column, what, Some("is the year right?".into()));
                }
                Some(read)
            }
            Err(_) if is_done => None,
            Err(not) => {
                self.not(column, not.why, not.right);
                None
            }
        }
    }

    /// The clause's number where it is one, else the row's number in the ledger.
    fn citation(&mut self, history: &ImportedRow, slug: &TaskSlug) -> Option<Citation> {
        let plan = &self.terms.plan;
        let clause = with_digits(&folded(history.clause.as_deref().unwrap_or_default()));
        if let Ok(citation) = clause.parse::<Citation>() {
            return Some(citation);
        }
        let numbered = |before: &[&str], behind: &[&str]| {
            let text = before.iter().find_map(|word| clause.strip_prefix(word))?;
            let text = behind.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text);
            (!text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit()))
                .then(|| text.to_owned())
        };
        let text = match (
            numbered(&["第"], &["条"]),
            numbered(&["清单第", "清单序号", "清单"], &["项", "行", "号"]),
        ) {
            (Some(number), _) => format!("{plan}:{number}"),
            (None, Some(number)) => format!("{plan}-list:{number}"),
            (None, None) => {
                let slug = slug.as_str();
                format!("{plan}-ledger:{}", slug.strip_prefix("no-").unwrap_or(slug))
            }
        };
        text.parse().ok()
    }
}

fn dated(read: Understood, original: Option<NaiveDate>) -> Dated {
    let Understood { due, is_target, assumed } = read;
    let mut notes: Vec<String> = assumed.iter().map(|assumed| assumed.chinese()).collect();
    if let (Some(original), Some(current)) = (original, due.one_off_deadline()) {
        notes.push(format!("台账原定{original}，延期后现定{current}"));
    }
    let is_reading = assumed.iter().any(|assumed| assumed.is_about_the_day());
    let basis = if is_reading { DueBasis::Assumed } else { DueBasis::Printed };
    let note = (!notes.is_empty()).then(|| notes.join("；"));
    Dated { due, is_target, note, basis, original }
}

/// The first words of a text, as far as a reader takes them in at a glance.
#[must_use]
pub fn short(text: &str) -> String {
    let line = one_line(text);
    if line.chars().count() <= TITLE_CHARS_MAX {
        return line;
    }
    let head: String = line.chars().take(TITLE_CHARS_MAX).collect();
    let cut = head
        .rfind(['，', '。', '；', '：', ',', ';', ':', '、'])
        .filter(|cut| head.get(..*cut).is_some_and(|kept| kept.chars().count() >= 8));
    match cut.and_then(|cut| head.get(..cut)) {
        Some(kept) => kept.to_owned(),
        None => format!("{}…", head.chars().take(TITLE_CHARS_MAX - 1).collect::<String>()),
    }
}
