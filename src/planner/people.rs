//! Persons stand in `people/` only: an event names them by digest, and deleting the file forgets them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Planner;
use crate::domain::{Digest, Unit, UnitId};
use crate::journal::{JournalFault, Shelf};

/// A person, as kept in `people/<digest>.json`. The salt keeps a digest from being guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// random; set by duban
    #[serde(default)]
    pub salt: String,
    /// name
    pub name: String,
    /// post
    #[serde(default)]
    pub post: String,
    /// mail address; empty for whoever filled a form in
    pub address: String,
    /// telephone
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
}

impl Planner {
    /// Keeps a person; durable on return.
    pub(super) fn keep(&self, person: &Person) -> Result<Digest, JournalFault> {
        let salted =
            Person { salt: Uuid::now_v7().to_string() + &Uuid::new_v4().to_string(), ..person.clone() };
        let bytes = serde_json::to_vec(&salted).unwrap_or_default();
        self.journal.shelves().put(Shelf::People, &bytes)
    }

    /// The leader of a unit; `None` where none is set, the person was forgotten or the file is damaged.
    pub(super) fn leader_of(&self, unit: &UnitId) -> Result<Option<Person>, JournalFault> {
        let digest = self.ledger.read().unit(unit).and_then(|state| state.unit.leader);
        let Some(digest) = digest else { return Ok(None) };
        let bytes = self.sound(Shelf::People, digest)?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Who stands behind a digest; `None` where the person was forgotten or the file is damaged.
    #[must_use]
    pub fn person(&self, digest: Digest) -> Option<Person> {
        let bytes = self.sound(Shelf::People, digest).ok().flatten()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// An attached file, where it is there and is what its digest says. One damaged file must not
    /// keep all other letters from going; `audit verify` names it.
    pub(super) fn sound(&self, shelf: Shelf, digest: Digest) -> Result<Option<Vec<u8>>, JournalFault> {
        match self.journal.shelves().get(shelf, digest) {
            Err(JournalFault::FileChanged { .. }) => Ok(None),
            other => other,
        }
    }

    /// The unit with this leader.
    pub(super) fn led_by(&self, unit: &Unit, person: &Person) -> Result<Unit, JournalFault> {
        Ok(Unit { leader: Some(self.keep(person)?), ..unit.clone() })
    }
}
