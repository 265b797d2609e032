//! Signed links: the token in a letter that opens its unit's page. Pure: the key is passed in.
//!
//! `LETTER-LASTDAY-MAC`, as `2021-0623-07-20210921-3q2-7w…`. The MAC is HMAC-SHA-256 (RFC 2104,
//! FIPS 198-1) cut to 144 bits, in the URL alphabet of base64 (RFC 4648, 5). Nobody can make one
//! without the key, and who has one has one unit's page, until its last day or until the office
//! revokes it. A token must stand in no log, archive or page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Days, NaiveDate};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::domain::LetterId;

/// Bytes of the MAC that a token bears.
const MAC_BYTES: usize = 18;
/// Bytes of a block of SHA-256.
const BLOCK_BYTES: usize = 64;
/// Bytes of a key; made by chance once and kept in `secrets/link-key`.
pub const KEY_BYTES: usize = 32;
/// Longest text that can be a token.
pub const TOKEN_BYTES_MAX: usize = 64;
/// What stands in the place of the MAC in an archived letter: as long, and of no alphabet of its own.
const MASK: &str = "************************";

/// The key of all links. Shown by nothing.
#[derive(Clone)]
pub struct LinkKey([u8; KEY_BYTES]);

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey")
    }
}

/// What a genuine token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// the letter it was sent in; tells the unit
    pub letter: LetterId,
    /// the last day it opens anything, in the office's zone
    pub last_day: NaiveDate,
}

/// Why a token opens nothing. Never shown in detail to whoever tried it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLink {
    /// not of the shape of a token
    #[error("no token")]
    Shape,
    /// made by somebody else, or changed
    #[error("not signed by this office")]
    Forged,
    /// its last day is over
    #[error("expired on {0}")]
    Expired(NaiveDate),
}

/// How letters get their links.
#[derive(Debug, Clone)]
pub struct Links {
    /// signs them
    pub key: LinkKey,
    /// where the unit's page is reached from outside, as `https://duban.example`, without a slash at its end; nowhere
    /// where left out: no letter gets a link, and those written before keep theirs
    pub base_url: Option<String>,
    /// civil days after the letter's day that a link opens its page
    pub days: u16,
}

impl Links {
    /// For letters that nobody gets: a key that everybody knows, and an address that leads nowhere (RFC 2606).
    #[must_use]
    pub fn rehearsed() -> Self {
        let base_url = Some("https://duban.example".to_owned());
        Self { key: LinkKey::new(*b"everybody knows this: rehearsals"), base_url, days: 90 }
    }

    /// The name in the base address, without port: `duban.example`; `None` where units come from outside by none.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        let url = self.base_url.as_deref()?;
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let place = rest.split('/').next().unwrap_or(rest);
        let name = match place.rsplit_once(':') {
            Some((name, _)) if !name.contains(':') || name.ends_with(']') => name,
            Some(_) | None => place,
        };
        (!name.is_empty()).then_some(name)
    }

    /// The address of a letter's page with the MAC masked, as its archived form shows it; `None` where the base
    /// is nothing that can stand in a letter.
    #[must_use]
    pub fn masked_url(&self, letter: LetterId) -> Option<String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]".contains(c);
        let base_url = self.base_url.as_ref().filter(|url| !url.is_empty() && url.chars().all(plain))?;
        let last_day = letter.day.checked_add_days(Days::new(self.days.into()))?;
        Some(format!("{base_url}/u/{}-{MASK}", said(&Link { letter, last_day })))
    }
}

impl LinkKey {
    /// Puts the tokens of a letter in the place of their masked forms, which are as long; how many there were.
    ///
    /// A mask of another letter stays one: whoever wrote it into this letter is told nothing.
    pub fn unmask(&self, letter: LetterId, text: &mut [u8]) -> usize {
        const DAY_DIGITS: usize = 8;
        let begin = format!("{letter}-");
        let length = begin.len() + DAY_DIGITS + 1 + MASK.len();
        let mut found = 0;
        let mut at = 0;
        while let Some(window) = text.get_mut(at..at + length) {
            at += 1;
            if !window.starts_with(begin.as_bytes()) || !window.ends_with(MASK.as_bytes()) {
                continue;
            }
            let last_day = window.get(begin.len()..begin.len() + DAY_DIGITS);
            let last_day = last_day.and_then(|day| std::str::from_utf8(day).ok());
            let last_day = last_day.and_then(|day| NaiveDate::parse_from_str(day, "%Y%m%d").ok());
            let Some(last_day) = last_day else { continue };
            let token = self.token(&Link { letter, last_day });
            if token.len() == length {
                window.copy_from_slice(token.as_bytes());
                found += 1;
                at += length - 1;
            }
        }
        found
    }

    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The token of a link.
    #[must_use]
    pub fn token(&self, link: &Link) -> String {
        let said = said(link);
        let mac = self.mac(&said).finalize().into_bytes();
        let mac = mac.get(..MAC_BYTES).unwrap_or_default();
        format!("{said}-{}", URL_SAFE_NO_PAD.encode(mac))
    }

    /// What a token says, if it is genuine and its last day isn't over on `today`.
    ///
    /// # Errors
    /// [`BadLink`]; whether a letter of that number exists is the caller's to ask.
    pub fn open(&self, token: &str, today: NaiveDate) -> Result<Link, BadLink> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(BadLink::Shape);
        }
        // The MAC's own alphabet holds hyphens: what is said has three of them before.
        let (end, _) = token.match_indices('-').nth(3).ok_or(BadLink::Shape)?;
        let (said, mac) = token.split_at(end);
        let (letter, last_day) = said.rsplit_once('-').ok_or(BadLink::Shape)?;
        let letter: LetterId = letter.parse().map_err(|_| BadLink::Shape)?;
        let last_day = NaiveDate::parse_from_str(last_day, "%Y%m%d").map_err(|_| BadLink::Shape)?;
        let mac = mac.get(1..).and_then(|mac| URL_SAFE_NO_PAD.decode(mac).ok());
        let mac = mac.filter(|mac| mac.len() == MAC_BYTES).ok_or(BadLink::Shape)?;
        let link = Link { letter, last_day };
        self.mac(said).verify_truncated_left(&mac).map_err(|_| BadLink::Forged)?;
        if last_day < today {
            return Err(BadLink::Expired(last_day));
        }
        Ok(link)
    }

    fn mac(&self, said: &str) -> Hmac<Sha256> {
        // A key shorter than a block is one padded with zeros (RFC 2104, 2).
        let mut block = [0; BLOCK_BYTES];
        for (padded, byte) in block.iter_mut().zip(self.0) {
            *padded = byte;
        }
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(b"duban link 1\n");
        mac.update(said.as_bytes());
        mac
    }
}

fn said(link: &Link) -> String {
    format!("{}-{}", link.letter, link.last_day.format("%Y%m%d"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn link() -> Link {
        Link { letter: "2021-0623-07".parse().unwrap(), last_day: day("2021-09-21") }
    }

    #[test]
    fn a_token_opens_until_its_last_day_and_no_longer() {
        let key = LinkKey::new([7; KEY_BYTES]);
        let token = key.token(&link());
        assert_eq!(key.open(&token, day("2021-09-21")), Ok(link()));
        assert_eq!(key.open(&token, day("2021-09-22")), Err(BadLink::Expired(day("2021-09-21"))));
        assert_eq!(LinkKey::new([8; KEY_BYTES]).open(&token, day("2021-07-01")), Err(BadLink::Forged));
        assert!(!format!("{key:?}").contains('7'), "a key is never shown");
    }

    #[test]
    fn another_letter_or_a_later_day_is_forged() {
        let key = LinkKey::new([7; KEY_BYTES]);
        let token = key.token(&link());
        for (from, to) in [("2021-0623-07", "2021-0623-08"), ("20210921", "20311231")] {
            assert_eq!(key.open(&token.replace(from, to), day("2021-07-01")), Err(BadLink::Forged));
        }
    }

    #[test]
    fn an_archived_letter_shows_everything_of_its_link_but_the_signature() {
        let letter = link().letter;
        let links = Links { key: LinkKey::new([7; KEY_BYTES]), ..Links::rehearsed() };
        let masked = links.masked_url(letter).unwrap();
        assert_eq!(masked, "https://duban.example/u/2021-0623-07-20210921-************************");
        let mut text = format!("a{masked}b {masked}").into_bytes();
        assert_eq!(links.key.unmask(letter, &mut text), 2);
        let token = links.key.token(&link());
        let url = format!("https://duban.example/u/{token}");
        assert_eq!(String::from_utf8(text).unwrap(), format!("a{url}b {url}"));
        // A mask that stands for another letter tells nothing.
        let mut foreign = masked.replace("07-2021", "08-2021").into_bytes();
        assert_eq!(links.key.unmask(letter, &mut foreign), 0);
        assert!(LinkKey::new([7; KEY_BYTES]).open(masked.rsplit('/').next().unwrap(), letter.day).is_err());
        for base in ["", "https://a\"b", "https://县"] {
            assert_eq!(
                Links { base_url: Some(base.to_owned()), ..links.clone() }.masked_url(letter),
                None,
                "{base}"
            );
        }
    }

    #[test]
    fn the_name_that_units_come_by_is_that_of_the_base_address() {
        for (base, host) in [
            (Some("https://duban.county.gov.cn"), Some("duban.county.gov.cn")),
            (Some("https://oa.county.gov.cn:8443/duban"), Some("oa.county.gov.cn")),
            (Some("http://[::1]:80"), Some("[::1]")),
            (Some(""), None),
            (None, None),
        ] {
            let links = Links { base_url: base.map(str::to_owned), ..Links::rehearsed() };
            assert_eq!(links.host(), host, "{base:?}");
        }
    }

    proptest! {
        #[test]
        fn every_key_and_letter_opens_and_nothing_else_does(
            key in any::<[u8; KEY_BYTES]>(), number in 1..100_000_u32, noise in ".{0,80}", flip in 0..60_usize,
        ) {
            let key = LinkKey::new(key);
            let link = Link { letter: LetterId { number, ..link().letter }, ..link() };
            let token = key.token(&link);
            prop_assert!(token.len() <= TOKEN_BYTES_MAX);
            prop_assert_eq!(key.open(&token, day("2021-07-01")), Ok(link));
            prop_assert!(key.open(&noise, day("2021-07-01")).is_err());
            let mut changed = token.clone().into_bytes();
            if let Some(byte) = changed.get_mut(flip) {
                *byte = if *byte == b'3' { b'4' } else { b'3' };
                let changed = String::from_utf8(changed).unwrap();
                prop_assert!(key.open(&changed, day("2021-07-01")).is_err());
            }
        }
    }
}
