//! A person as shown: name, post, and of the phone no more than the reader may see.

use serde::{Deserialize, Serialize};

use crate::domain::{Digest, Via};
use crate::words::clean;

/// Gives a person's name by the digest of their file in `people/`; none where it was forgotten.
pub type Names<'n> = &'n dyn Fn(Digest) -> Option<String>;

/// Digits of a phone that are shown to whoever may only recognise it.
const DIGITS_SHOWN: usize = 4;

/// A person as shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownPerson {
    /// 姓名
    pub name: String,
    /// 职务
    pub post: String,
    /// whole, or `尾号8888`; empty where none is known
    pub phone: String,
}

impl ShownPerson {
    /// With the whole phone: for who typed it, and for the office.
    #[must_use]
    pub fn whole(name: &str, post: &str, phone: &str) -> Self {
        Self { name: clean(name), post: clean(post), phone: clean(phone) }
    }

    /// With the end of the phone only: for who holds a link.
    #[must_use]
    pub fn recognisable(name: &str, post: &str, phone: &str) -> Self {
        let end = phone_end(phone);
        let phone = if end.is_empty() { phone.to_owned() } else { format!("尾号{end}") };
        Self::whole(name, post, &phone)
    }
}

/// Most digits of a phone: those of the longest number (E.164, 15) and of an extension.
const PHONE_DIGITS_MAX: usize = 18;

/// Whether it can be one telephone number: 5 digits at least, and not two numbers in one.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    (5..=PHONE_DIGITS_MAX).contains(&text.chars().filter(char::is_ascii_digit).count())
}

/// The end of a phone: who knows the number knows it by that, and nobody else learns it.
#[must_use]
pub fn phone_end(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    digits.iter().rev().take(DIGITS_SHOWN).rev().collect()
}

/// Who typed a name that came this way: its bearer (自填), or the office for its unit (代录).
#[must_use]
pub fn typed_by(via: Via) -> &'static str {
    if via.is_on_behalf() { "代录" } else { "自填" }
}

/// A name that came this way and that nobody checked; empty where there is none.
#[must_use]
pub fn unverified(name: &str, via: Via) -> String {
    if name.is_empty() { String::new() } else { format!("{name}（{}、未核验）", typed_by(via)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_has_the_digits_of_one_number() {
        assert!(["12345", "0356-4228888-8012", "+86 138 0000 0000"].iter().all(|phone| is_phone(phone)));
        assert!(!["1234", "1380000000013900000000", ""].iter().any(|phone| is_phone(phone)));
    }

    #[test]
    fn who_holds_a_link_sees_the_end_of_a_phone_and_the_office_all_of_it() {
        assert_eq!(ShownPerson::recognisable("王某", "科长", "0356-4228888").phone, "尾号8888");
        assert_eq!(ShownPerson::whole("王某", "科长", "0356-4228888").phone, "0356-4228888");
        assert_eq!(ShownPerson::recognisable("王某", "", "").phone, "");
    }
}
