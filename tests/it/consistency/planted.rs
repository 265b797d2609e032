//! Six contradictions, each planted between a surface and its reader: the check must find every one.
//!
//! Nothing of this stands in the program. A plant changes the view that a surface is drawn from, or draws it from
//! another day, and what comes of it is read like everything else.

use chrono::NaiveDate;
use duban::letter::{Identity, Templates, compose};
use duban::report::bulletin::Bulletin;
use duban::report::sheet::Sheet;
use serde_json::Value;

use super::compare::{Contradiction, Field, Surface};
use super::county::Sent;
use super::surfaces::{Moment, Row, attached, rows, week};

/// A contradiction that is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plant {
    /// the bulletin leaves out an extension that was granted in its month
    ExtensionLeftOut,
    /// a list knows nothing of what is acknowledged and not yet done
    StateForgotten,
    /// the letter asks about one matter more than its form
    RowMissing,
    /// a leader's page tells the lights of the day before
    LightOfYesterday,
    /// the ledger reads a citation in another way than the letters
    SecondReader,
    /// a plan that was closed still counts in the lists
    ClosedPlan,
}

impl Plant {
    pub const ALL: [Self; 6] = [
        Self::ExtensionLeftOut,
        Self::StateForgotten,
        Self::RowMissing,
        Self::LightOfYesterday,
        Self::SecondReader,
        Self::ClosedPlan,
    ];

    /// Whether a contradiction is the one that was planted.
    pub fn is_found_by(self, found: &Contradiction) -> bool {
        let by = |surface| found.says.values().any(|by| by.contains(&surface));
        match self {
            Self::ExtensionLeftOut => found.field == Field::GrantedInMonth && by(Surface::Bulletin),
            Self::StateForgotten => found.field == Field::Listed && by(Surface::Lists),
            Self::RowMissing => found.field == Field::Asked && by(Surface::Form),
            Self::LightOfYesterday => {
                matches!(found.field, Field::Light | Field::OverdueDays) && by(Surface::Leader)
            }
            Self::SecondReader => found.field == Field::Clause && by(Surface::Sheet),
            Self::ClosedPlan => found.field == Field::Followed && by(Surface::Lists),
        }
    }

    pub fn into_bulletin(self, paper: &mut Bulletin) {
        if self == Self::ExtensionLeftOut {
            paper.extensions.granted.pop();
        }
    }

    pub fn into_sheet(self, sheet: &mut Sheet) {
        if self == Self::SecondReader {
            for row in &mut sheet.rows {
                row.clause = row.clause.replace("清单", "附表第");
            }
        }
    }

    pub fn day_of_leader(self, day: NaiveDate) -> NaiveDate {
        if self == Self::LightOfYesterday { day.pred_opt().unwrap() } else { day }
    }

    pub fn into_lists(self, lists: &mut Value, moment: &Moment<'_>) {
        match self {
            Self::StateForgotten => {
                let forgotten = |id: &Value| moment.label(id.as_str().unwrap_or_default()) == "receipt";
                each_entry(lists, |entry| {
                    let Some(ids) = entry["assignments"].as_array_mut() else { return };
                    ids.retain(|id| !forgotten(id));
                });
            }
            Self::ClosedPlan => {
                let Some(before) = moment.before_closing else { return };
                let closed = |id: &Value| moment.is_closed(id.as_str().unwrap_or_default());
                let mut stale = week(before, moment.day);
                let mut kept: Vec<(Value, Value)> = Vec::new();
                for list in stale["lists"].as_array_mut().into_iter().flatten() {
                    let kind = list["kind"].clone();
                    for entry in list["entries"].as_array().into_iter().flatten() {
                        if entry["assignments"].as_array().is_some_and(|ids| ids.iter().any(closed)) {
                            kept.push((kind.clone(), entry.clone()));
                        }
                    }
                }
                for list in lists["lists"].as_array_mut().into_iter().flatten() {
                    let of_kind = kept.iter().filter(|(kind, _)| *kind == list["kind"]);
                    let more: Vec<Value> = of_kind.map(|(_, entry)| entry.clone()).collect();
                    list["entries"].as_array_mut().unwrap().extend(more);
                }
            }
            Self::ExtensionLeftOut | Self::RowMissing | Self::LightOfYesterday | Self::SecondReader => {}
        }
    }

    /// The form of the same letter, written from facts that lack its last point.
    pub fn form(self, sent: &Sent) -> Option<Vec<Row>> {
        if self != Self::RowMissing || sent.draft.items.len() < 2 {
            return None;
        }
        let mut draft = sent.draft.clone();
        draft.items.pop();
        let templates = Templates::embedded().unwrap();
        let identity = Identity {
            message_id: "planted@duban".to_owned(),
            address: "planted@duban.example".to_owned(),
            templates: &templates,
            links: None,
        };
        let letter = compose(&draft, &identity).unwrap();
        attached(&letter.mime, "反馈表.xlsx").map(|bytes| rows(&bytes))
    }
}

fn each_entry(lists: &mut Value, mut change: impl FnMut(&mut Value)) {
    for list in lists["lists"].as_array_mut().into_iter().flatten() {
        for entry in list["entries"].as_array_mut().into_iter().flatten() {
            change(entry);
        }
    }
}
