//! A cell's units: several in one cell, by any name that the ledger knows them by. An unknown one is told,
//! with the nearest that is known; it is never taken for it.

use std::collections::BTreeMap;

use crate::domain::{Unit, UnitId};

use super::fold::{folded, tidied};

/// Units by every spelling, and what the office says besides (`--unit 住建局=housing`).
#[derive(Debug, Clone, Default)]
pub struct Names {
    by_name: BTreeMap<String, UnitId>,
    /// as they are shown when one is proposed
    shown: Vec<(String, UnitId)>,
}

impl Names {
    /// The names of these units.
    #[must_use]
    pub fn of(units: &[Unit], said: &[(String, UnitId)]) -> Self {
        let mut names = Self::default();
        for unit in units {
            names.by_name.insert(folded(unit.id.as_str()), unit.id.clone());
            for name in [&unit.name, &unit.short].into_iter().chain(&unit.aliases) {
                names.by_name.entry(folded(name)).or_insert_with(|| unit.id.clone());
                names.shown.push((name.clone(), unit.id.clone()));
            }
        }
        for (name, id) in said {
            names.by_name.insert(folded(name), id.clone());
        }
        names
    }

    /// The unit of this name.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<UnitId> {
        self.by_name.get(&folded(name)).cloned()
    }

    /// The units most like it: one that holds it or that it holds, else by their letters.
    #[must_use]
    pub fn near(&self, name: &str) -> Vec<(String, UnitId)> {
        let name = folded(name);
        let length = name.chars().count();
        if length < 2 {
            return Vec::new();
        }
        let mut close: Vec<(usize, &(String, UnitId))> = self
            .shown
            .iter()
            .filter_map(|entry| {
                let known = folded(&entry.0);
                let distance = if known.contains(&name) || name.contains(&known) {
                    known.chars().count().abs_diff(length).div_ceil(4)
                } else {
                    strsim::damerau_levenshtein(&name, &known)
                };
                (distance <= (length / 3).max(1)).then_some((distance, entry))
            })
            .collect();
        close.sort_by_key(|(distance, _)| *distance);
        let mut near: Vec<(String, UnitId)> = Vec::new();
        for (_, (name, id)) in close {
            if near.len() < 3 && !near.iter().any(|(_, known)| known == id) {
                near.push((name.clone(), id.clone()));
            }
        }
        near
    }
}

/// What a unit does in a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// 牵头
    Leads,
    /// 配合
    Cooperates,
}

/// A cell's units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// in order, each once
    pub leads: Vec<UnitId>,
    /// in order, each once
    pub cooperates: Vec<UnitId>,
    /// names that lead to no unit
    pub unknown: Vec<String>,
    /// 等 stood behind a name: there may be more
    pub and_others: bool,
}

pub(super) const BETWEEN: [char; 9] = ['、', '，', ',', '；', ';', '/', '／', '\n', '|'];
const AND: [&str; 5] = ["以及", "及", "和", "与", "会同"];
const LEAD_LABELS: [&str; 6] = ["牵头单位", "责任单位", "主办单位", "牵头部门", "牵头", "主办"];
const COOPERATE_LABELS: [&str; 6] = ["配合单位", "协办单位", "参与单位", "配合部门", "配合", "协办"];
const LEAD_TAILS: [&str; 5] = ["(牵头)", "(主办)", "牵头", "负责", "主办"];
const COOPERATE_TAILS: [&str; 7] = ["(配合)", "(协办)", "协同配合", "配合", "协办", "参与", "协助"];

/// The units of a cell, whose column says which part they have unless the cell says otherwise:
/// `牵头单位：A；配合单位：B、C`, `A牵头，B、C配合`.
#[must_use]
pub fn units(text: &str, column: Part, names: &Names) -> Read {
    let mut read = Read::default();
    let mut part = column;
    // Units since the last word that says what they do.
    let mut waiting: Vec<String> = Vec::new();
    let text = tidied(text).replace(['：', ':'], ":\u{0}");
    for piece in text.split(BETWEEN) {
        for piece in piece.split_inclusive('\u{0}') {
            let piece = piece.trim().trim_end_matches(['\u{0}', '。', '.']);
            if let Some(label) = piece.strip_suffix(':') {
                let label = folded(label);
                let says = if LEAD_LABELS.contains(&label.as_str()) {
                    Some(Part::Leads)
                } else if COOPERATE_LABELS.contains(&label.as_str()) {
                    Some(Part::Cooperates)
                } else {
                    None
                };
                read.take(&mut waiting, part, names);
                match says {
                    Some(says) => part = says,
                    None => read.unknown.push(piece.to_owned()),
                }
                continue;
            }
            if piece.is_empty() {
                continue;
            }
            if names.known(piece).is_some() {
                waiting.push(piece.to_owned());
                continue;
            }
            let plain = folded(piece);
            let tail =
                |tails: &[&str]| tails.iter().find_map(|tail| plain.strip_suffix(tail)).map(str::to_owned);
            if let Some(name) = tail(&LEAD_TAILS) {
                waiting.push(name);
                read.take(&mut waiting, Part::Leads, names);
            } else if let Some(name) = tail(&COOPERATE_TAILS) {
                waiting.push(name);
                read.take(&mut waiting, Part::Cooperates, names);
            } else {
                waiting.push(piece.to_owned());
            }
        }
    }
    read.take(&mut waiting, part, names);
    read.cooperates.retain(|unit| !read.leads.contains(unit));
    read
}

impl Read {
    fn take(&mut self, waiting: &mut Vec<String>, part: Part, names: &Names) {
        for name in waiting.drain(..) {
            let found = self.named(&name, names);
            let Some(ids) = found else {
                self.unknown.push(name);
                continue;
            };
            let into = match part {
                Part::Leads => &mut self.leads,
                Part::Cooperates => &mut self.cooperates,
            };
            for id in ids {
                if !into.contains(&id) {
                    into.push(id);
                }
            }
        }
    }

    /// One unit, or several with blanks or 和 between, all of them known.
    fn named(&mut self, name: &str, names: &Names) -> Option<Vec<UnitId>> {
        if let Some(id) = names.known(name) {
            return Some(vec![id]);
        }
        let all = |parts: Vec<&str>| -> Option<Vec<UnitId>> {
            (parts.len() > 1).then(|| parts.iter().map(|part| names.known(part)).collect())?
        };
        let several = all(name.split_whitespace().collect())
            .or_else(|| AND.iter().find_map(|and| all(name.split(and).collect())));
        if several.is_some() {
            return several;
        }
        let plain = folded(name);
        let fewer = ["等单位", "等部门", "等"].iter().find_map(|tail| plain.strip_suffix(tail))?;
        let id = names.known(fewer)?;
        self.and_others = true;
        Some(vec![id])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::UnitKind;

    fn names() -> Names {
        let unit = |id: &str, name: &str, aliases: &[&str]| Unit {
            id: UnitId::parse(id).unwrap(),
            name: name.to_owned(),
            short: name.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            kind: UnitKind::Bureau,
            mailbox: None,
            sort_key: id.to_owned(),
            members: Vec::new(),
            muted: false,
            leader: None,
        };
        let units = [
            unit("housing", "县住房和城乡建设管理局", &["县住建局"]),
            unit("transport", "县交通运输局", &["县交通局"]),
            unit("dev-reform", "县发展和改革局", &[]),
            unit("townships-all", "各乡（镇）人民政府", &["各乡镇"]),
        ];
        Names::of(&units, &[("住建局".to_owned(), UnitId::parse("housing").unwrap())])
    }

    fn read(text: &str) -> String {
        let Read { leads, cooperates, unknown, and_others } = units(text, Part::Leads, &names());
        let ids = |ids: &[UnitId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let others = if and_others { " …" } else { "" };
        format!("{} | {} | {}{others}", ids(&leads), ids(&cooperates), unknown.join(" "))
    }

    #[test]
    fn several_units_stand_in_one_cell_in_every_way_that_clerks_write_them() {
        for (text, units) in [
            ("县住建局", "housing |  | "),
            ("住建局", "housing |  | "),
            ("县住建局、县交通局", "housing transport |  | "),
            ("县住建局，县交通局；各乡(镇)人民政府", "housing transport townships-all |  | "),
            ("县住建局\n县交通局", "housing transport |  | "),
            ("县住建局 县交通局", "housing transport |  | "),
            ("县住建局和县交通局", "housing transport |  | "),
            ("县发展和改革局", "dev-reform |  | "),
            ("县发展和改革局及各乡镇", "dev-reform townships-all |  | "),
            ("县住建局、县住建局", "housing |  | "),
            ("县住建局牵头，县交通局、各乡镇配合", "housing | transport townships-all | "),
            ("县住建局（牵头）、县交通局（配合）", "housing | transport | "),
            ("牵头单位：县住建局；配合单位：县交通局、各乡镇", "housing | transport townships-all | "),
            ("牵头:县住建局\n配合:县交通局", "housing | transport | "),
            ("县住建局等", "housing |  |  …"),
            ("县住建局、县某局", "housing |  | 县某局"),
            ("", " |  | "),
        ] {
            assert_eq!(read(text), units, "{text}");
        }
    }

    #[test]
    fn an_unknown_unit_is_told_with_the_nearest() {
        let near = |name: &str| names().near(name).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(near("住建局"), ["县住建局"]);
        assert_eq!(near("县住建委"), ["县住建局"]);
        assert_eq!(near("交通运输局"), ["县交通运输局"]);
        assert_eq!(near("县委宣传部"), Vec::<String>::new());
        assert_eq!(near("局"), Vec::<String>::new());
    }
}
