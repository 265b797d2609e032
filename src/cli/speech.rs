//! What a command says, in the language of whoever typed it.

use chrono::{DateTime, NaiveDate, Utc};
use unicode_width::UnicodeWidthStr as _;

use crate::calendar::Zone;
use crate::locale::{self, Language, Message, Value, message};

/// A language to speak.
#[derive(Debug, Clone, Copy)]
pub struct Speech(pub Language);

impl Speech {
    /// A message.
    #[must_use]
    pub fn told(self, message: &Message) -> String {
        locale::told(self.0, message)
    }

    /// A value by itself.
    #[must_use]
    pub fn value(self, value: &Value) -> String {
        locale::word(self.0, value)
    }

    /// A word by its key; the key itself where the language has none.
    #[must_use]
    pub fn word(self, key: &str) -> String {
        locale::word(self.0, &Value::Word(key.to_owned()))
    }

    /// The label of a line, and blanks up to where its text begins.
    #[must_use]
    pub fn label(self, label: &str, columns: usize) -> String {
        let label = if label.is_empty() { String::new() } else { self.word_or("label", label) };
        format!("  {label}{}", " ".repeat(columns.saturating_sub(label.width())))
    }

    /// `2021-06-30 Wed`.
    #[must_use]
    pub fn day(self, day: NaiveDate) -> String {
        format!("{day} {}", self.word(&day.format("%a").to_string()))
    }

    /// `2021-06-30 Wed 09:00 +08:00`, in a zone.
    #[must_use]
    pub fn instant(self, at: DateTime<Utc>, zone: Zone) -> String {
        let at = zone.local(at);
        format!("{} {}", self.day(at.date_naive()), at.format("%H:%M %:z"))
    }

    /// The word for one of a kind, `label-due` say; what it is called in the source where there is none.
    #[must_use]
    pub fn word_or(self, kind: &str, name: &str) -> String {
        let key = format!("{kind}-{name}");
        Some(self.word(&key)).filter(|word| *word != key).unwrap_or_else(|| name.to_owned())
    }

    /// How many of something: `3 tasks`.
    #[must_use]
    pub fn count(self, number: usize, what: &str) -> String {
        self.told(&message(&format!("count-{what}")).put("count", Value::Count(number)))
    }

    /// A line of a list of facts, without the blanks before its label.
    #[must_use]
    pub fn plain_label(self, label: &str, columns: usize) -> String {
        self.label(label, columns).trim_start().to_owned()
    }

    /// A kind of something by its word: `kind-bureau`.
    #[must_use]
    pub fn kind(self, kind: &str) -> String {
        self.word(&format!("kind-{kind}"))
    }

    /// The state of a task or of a unit's part in it.
    #[must_use]
    pub fn state(self, state: &str) -> String {
        self.word_or("state", state)
    }
}
