//! Responsible units (责任单位) and collectives of them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::id::{Digest, UnitId};

/// Addresses under this domain are placeholders: no SMTP server may be given one.
pub const PLACEHOLDER_DOMAIN: &str = "duban.example";

/// Most units of an office, collectives included.
pub const UNITS_MAX: usize = 5_000;

/// What kind of body a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitKind {
    /// a bureau of the county or a branch office
    Bureau,
    /// a township government
    Township,
    /// a development zone's administration
    Zone,
    /// a state company with public duties
    Company,
    /// the county government itself: recorded, never chased
    Government,
    /// a collective such as 各乡(镇)人民政府; its members are set by an admin
    Collective,
}

/// A responsible unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// slug, never reused
    pub id: UnitId,
    /// full name as the document prints it
    pub name: String,
    /// name in lists of units
    pub short: String,
    /// other spellings in the documents
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// what it is
    pub kind: UnitKind,
    /// the office's mailbox; `None` where none is known
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<String>,
    /// pinyin for sorting
    pub sort_key: String,
    /// members of a collective; empty until an admin sets them
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<UnitId>,
    /// muted: its stages are skipped, and listed as such
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub muted: bool,
    /// the leader in charge (分管领导): digest of a file in `people/`, never a name
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leader: Option<Digest>,
}

impl Unit {
    /// Every name that it goes by: the full one, that of lists, those of documents.
    pub fn spellings(&self) -> impl Iterator<Item = &String> {
        [&self.name, &self.short].into_iter().chain(&self.aliases)
    }

    /// Whether the mailbox is missing or only a placeholder.
    #[must_use]
    pub fn lacks_real_address(&self) -> bool {
        self.mailbox.as_deref().is_none_or(is_placeholder)
    }
}

/// Whether the unit belongs to the collective, itself or through another.
pub fn is_member<'u>(
    units: &impl Fn(&UnitId) -> Option<&'u Unit>,
    collective: &UnitId,
    unit: &UnitId,
) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![collective.clone()];
    while let Some(id) = waiting.pop() {
        let Some(known) = units(&id).filter(|_| seen.insert(id.clone())) else { continue };
        if known.members.contains(unit) {
            return true;
        }
        waiting.extend(known.members.iter().cloned());
    }
    false
}

/// Whether an address lies under [`PLACEHOLDER_DOMAIN`].
#[must_use]
pub fn is_placeholder(address: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(_, domain)| {
        let domain = domain.to_ascii_lowercase();
        domain == PLACEHOLDER_DOMAIN || domain.ends_with(&format!(".{PLACEHOLDER_DOMAIN}"))
    })
}
