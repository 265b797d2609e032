//! A unit's part in a task: leads or cooperates, itself or as a member of a collective.

use serde::{Deserialize, Serialize};

use crate::domain::{Ledger, Task, Unit, UnitId, is_member};

/// What a unit does in a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// 牵头
    Lead,
    /// 配合
    Cooperate,
}

impl Part {
    /// In Chinese.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Lead => "牵头",
            Self::Cooperate => "配合",
        }
    }
}

/// A unit's part in a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// what it does
    pub part: Part,
    /// the collective that the document names in its place; none where it is named itself
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<UnitId>,
}

/// A unit's part in a task; none where it has none. Named itself it needs no collective, and who leads doesn't help.
pub fn share<'u>(units: &impl Fn(&UnitId) -> Option<&'u Unit>, task: &Task, unit: &UnitId) -> Option<Share> {
    [(Part::Lead, &task.lead), (Part::Cooperate, &task.cooperate)].into_iter().find_map(|(part, named)| {
        if named.contains(unit) {
            return Some(Share { part, through: None });
        }
        let through = named.iter().find(|collective| is_member(units, collective, unit))?;
        Some(Share { part, through: Some(through.clone()) })
    })
}

/// The same of a task of the ledger.
#[must_use]
pub fn share_in(ledger: &Ledger, task: &Task, unit: &UnitId) -> Option<Share> {
    share(&|id| ledger.unit(id).map(|state| &*state.unit), task, unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Due, UnitKind};
    use crate::letter::fixtures::task;

    fn id(text: &str) -> UnitId {
        text.parse().unwrap()
    }

    fn unit(name: &str, members: &[&str]) -> Unit {
        Unit {
            id: id(name),
            name: name.to_owned(),
            short: name.to_owned(),
            aliases: Vec::new(),
            kind: if members.is_empty() { UnitKind::Township } else { UnitKind::Collective },
            mailbox: None,
            sort_key: String::new(),
            members: members.iter().map(|member| id(member)).collect(),
            muted: false,
            leader: None,
        }
    }

    #[test]
    fn a_member_leads_and_helps_through_its_collective_and_is_marked_so() {
        let all = [
            unit("towns", &["east", "inner"]),
            unit("inner", &["west"]),
            unit("east", &[]),
            unit("west", &[]),
        ];
        let known = |wanted: &UnitId| all.iter().find(|unit| unit.id == *wanted);
        let of = |lead: &str, cooperate: &str, name: &str| {
            let task =
                Task { lead: vec![id(lead)], cooperate: vec![id(cooperate)], ..task("x", "x", Due::Ongoing) };
            share(&known, &task, &id(name))
                .map(|share| (share.part, share.through.map(|unit| unit.to_string())))
        };
        assert_eq!(of("east", "towns", "east"), Some((Part::Lead, None)), "who leads doesn't help");
        assert_eq!(
            of("towns", "east", "west"),
            Some((Part::Lead, Some("towns".to_owned()))),
            "a member's member"
        );
        assert_eq!(of("east", "inner", "west"), Some((Part::Cooperate, Some("inner".to_owned()))));
        assert_eq!(of("inner", "inner", "east"), None);
        assert_eq!(of("towns", "inner", "towns"), Some((Part::Lead, None)), "a collective is named itself");
    }
}
