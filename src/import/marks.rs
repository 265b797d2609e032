//! Marks of state secrets in a table: in a cell, in one that it is merged with or the same as, in a column that says
//! 密级, in the heading above. What bears one is not taken in, and its words are repeated nowhere.

use std::collections::BTreeMap;

use crate::domain::command::secret_mark;

use super::book::{Cell, Sheet};
use super::column::Column;
use super::fold::folded;
use super::header::Header;

/// What stands in the place of a marked row's words.
pub(super) const NOT_SHOWN: &str = "(marked as secret: not shown)";
/// What a row is marked with where its column alone says it.
const LEVEL: &str = "密级";

/// The marks of one row after the other.
pub(super) struct Marks {
    /// columns that say 密级, read or not
    levels: Vec<u32>,
    /// rows from and to, first column and mark of merged cells that bear one
    merged: Vec<(u32, u32, u32, &'static str)>,
    /// by column, in the row before
    before: BTreeMap<u32, &'static str>,
    /// of the heading above, and the heading's rank
    heading: Option<(&'static str, Option<u8>)>,
}

impl Marks {
    pub(super) fn of(sheet: &Sheet, header: &Header) -> Self {
        let says_level = |text: &str| text.contains("涉密") || text.contains(LEVEL);
        let levels = header.names.iter().filter(|(_, name)| {
            matches!(name.leads_to, Some((Column::Secrecy, _))) || says_level(&folded(&name.text))
        });
        let levels: Vec<u32> = levels.map(|(place, _)| *place).collect();
        let below = sheet.merged.iter().filter(|merged| merged.top > header.last);
        let merged = below.filter_map(|merged| {
            let cell = sheet.rows.get(&merged.top)?.get(usize::try_from(merged.left).ok()?)?;
            let mark = mark(cell, levels.contains(&merged.left))?;
            Some((merged.top, merged.bottom, merged.left, mark))
        });
        Self { merged: merged.collect(), levels, before: BTreeMap::new(), heading: None }
    }

    /// The mark of a row, its own or its heading's.
    pub(super) fn row(
        &mut self,
        number: u32,
        cells: &[Cell],
        is_ditto: fn(&str) -> bool,
    ) -> Option<&'static str> {
        let held = (0..).zip(cells).filter(|(_, cell)| !cell.is_empty());
        let own = held.filter_map(|(place, cell): (u32, &Cell)| {
            let mark = if is_ditto(&cell.shown()) {
                self.before.get(&place).copied()
            } else {
                mark(cell, self.levels.contains(&place))
            };
            Some((place, mark?))
        });
        let merged = self.merged.iter().filter(|(top, bottom, ..)| (*top..=*bottom).contains(&number));
        let merged = merged.map(|(.., place, mark)| (*place, *mark));
        self.before = merged.chain(own).collect();
        self.before.values().next().copied().or(self.heading.map(|(mark, _)| mark))
    }

    /// A heading: what stands below a marked one is as secret, down to the next of its rank or a higher one.
    pub(super) fn head(&mut self, heading: &str) {
        let rank = rank(heading);
        if let Some(mark) = secret_mark(heading) {
            self.heading = Some((mark, rank));
            return;
        }
        let ends = |marked: Option<u8>| match (rank, marked) {
            (Some(rank), Some(marked)) => rank <= marked,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if self.heading.is_some_and(|(_, marked)| ends(marked)) {
            self.heading = None;
        }
    }
}

fn mark(cell: &Cell, is_level: bool) -> Option<&'static str> {
    let shown = cell.shown();
    secret_mark(&shown).or_else(|| (is_level && !is_none(&shown)).then_some(LEVEL))
}

/// Whether a 密级 says that there is none.
fn is_none(said: &str) -> bool {
    const NONE: [&str; 17] = [
        "",
        "无",
        "否",
        "不",
        "不是",
        "没有",
        "公开",
        "非密",
        "不涉密",
        "非涉密",
        "未涉密",
        "普通",
        "-",
        "/",
        "×",
        "0",
        "false",
    ];
    let said = folded(said);
    NONE.contains(&said.as_str())
}

/// How high a numbered heading stands, the highest first: 一、 before （一） before 1.
fn rank(heading: &str) -> Option<u8> {
    let folded = folded(heading);
    let mut chars = folded.chars();
    match chars.next()? {
        '第' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => Some(1),
        '(' => Some(2),
        digit if digit.is_ascii_digit() => Some(3),
        _ => None,
    }
}
