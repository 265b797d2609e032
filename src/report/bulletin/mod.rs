//! The monthly bulletin (督查通报): one view, drawn as Word, HTML, plain text and JSON.
//!
//! The same view gives the same bytes. Praise and blame are proposals until a person has settled them.

mod changed;
mod content;
mod dates;
mod edited;
mod from_ledger;
mod layout;
mod month;
mod proposed;
mod prose;
mod view;
mod word;

use minijinja::context;
use serde::Serialize;

pub use dates::{Dates, late};
pub use edited::NotWord;
pub use from_ledger::{Ask, Known, NoBulletin};
pub use month::MonthEnd;
pub use view::{
    Bulletin, Counted, EvidenceFigures, Extensions, Feedback, FeedbackState, Granted, ItemRow, Named,
    PlanFigures, Proposals, Ratio, Totals, UnitRow,
};

use crate::report::code::Code;
use crate::report::paper::{self, PaperFault, draw};
use layout::Layout;

const PAGE: &str = include_str!("templates/page.html.jinja");
const TEXT: &str = include_str!("templates/text.txt.jinja");

/// What the JSON form adds to the view.
#[derive(Serialize)]
struct WithRates<'b> {
    #[serde(flatten)]
    bulletin: &'b Bulletin,
    completion: Ratio,
    on_time_rate: Ratio,
}

impl Bulletin {
    /// The Word file (.docx).
    ///
    /// # Errors
    /// [`PaperFault`] for a faulty template.
    pub fn word(&self) -> Result<Vec<u8>, PaperFault> {
        word::word(self, &Layout::of(self), &Code::of(&self.code())?)
    }

    /// One HTML page to be printed on A4, without remote content.
    ///
    /// # Errors
    /// [`PaperFault`] for a faulty template.
    pub fn html(&self) -> Result<String, PaperFault> {
        let code = minijinja::Value::from(minijinja::value::Serde(Code::of(&self.code())?));
        draw("page.html", PAGE, &Layout::of(self), context! { code })
    }

    /// Plain text, for a terminal.
    ///
    /// # Errors
    /// [`PaperFault`] for a faulty template.
    pub fn text(&self) -> Result<String, PaperFault> {
        draw("page.txt", TEXT, &Layout::of(self), context! {})
    }

    /// The view as JSON, with both rates.
    ///
    /// # Errors
    /// [`PaperFault`] where the view can't be serialised.
    pub fn json(&self) -> Result<Vec<u8>, PaperFault> {
        paper::json(&WithRates {
            bulletin: self,
            completion: self.totals.completion(),
            on_time_rate: self.totals.on_time_rate(),
        })
    }
}
