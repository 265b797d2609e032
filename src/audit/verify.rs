//! What can be said of a data directory: that it is consistent with itself, and no more, unless something that was
//! kept elsewhere agrees.

use std::fmt;
use std::str::FromStr;

use super::endings::{EndingFault, Endings};
use crate::journal::{Inspection, JournalFault, NamedDir, Part, Reader};

/// Fewest digits of a printed hash: so many can't be met by chance.
const PRINTED_DIGITS_MIN: usize = 16;
/// Digits of a hash.
const DIGITS: usize = 64;

/// An event's position and the first digits of its hash, as printed on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// its place
    pub position: u64,
    /// lower-case hexadecimal digits, the first or all
    pub hash: String,
}

/// Not a position and a hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no position and hash: expected as printed, 1204:3f5a… with at least {PRINTED_DIGITS_MIN} digits of the hash"
)]
pub struct BadPrint(String);

impl FromStr for Printed {
    type Err = BadPrint;
    fn from_str(text: &str) -> Result<Self, BadPrint> {
        let bad = || BadPrint(text.to_owned());
        let (position, hash) = text.split_once(':').ok_or_else(bad)?;
        let position = position.trim().parse().map_err(|_| bad())?;
        let hash: String =
            hash.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        let well = (PRINTED_DIGITS_MIN..=DIGITS).contains(&hash.len());
        if position == 0 || !well || !hash.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err(bad());
        }
        Ok(Self { position, hash })
    }
}

/// Something that was kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outside {
    /// a backup or a copied archive
    Copy(NamedDir),
    /// what a paper says
    Printed(Printed),
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Copy(copy) => copy.fmt(f),
            Self::Printed(printed) => write!(f, "the printed hash of event {}", printed.position),
        }
    }
}

/// What comparing with something kept elsewhere gave.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Compared {
    /// the same up to this event
    Same(u64),
    /// the same, and from this event on it goes further than what is here
    Further(u64),
    /// another history from this event on
    Parts(u64),
    /// it could not be compared, and why
    Not(String),
}

/// What can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// all that is here agrees, and so does what was kept elsewhere up to this event, where there is such
    Consistent {
        /// the last event that something kept elsewhere vouches for
        vouched: Option<u64>,
    },
    /// history is whole, the second copy is not
    SecondCopy,
    /// history is whole in the second copy, and a start makes the archive whole again
    Archive,
    /// something says that other events, or more, were here
    Contradicted,
    /// a line, its place or an attached file does not fit
    Broken,
}

impl Verdict {
    /// For programs.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Consistent { .. } => "consistent",
            Self::SecondCopy => "second-copy",
            Self::Archive => "archive",
            Self::Contradicted => "contradicted",
            Self::Broken => "broken",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Consistent { vouched: None } => f.write_str(
                "consistent with itself; without something kept elsewhere (--against, --printed) it can't be excluded that whoever holds the disk rewrote it",
            ),
            Self::Consistent { vouched: Some(position) } => write!(
                f,
                "consistent with itself, and up to event {position} the same as what was kept elsewhere; nothing from elsewhere vouches for what came after"
            ),
            Self::SecondCopy => f.write_str(
                "the archive is consistent with itself; THE SECOND COPY IS NOT WHOLE, and one copy alone is no safety",
            ),
            Self::Archive => f.write_str(
                "every event is here, each consistent with the others; THE ARCHIVE ALONE DOES NOT HOLD THEM IN ORDER, and a start makes it whole",
            ),
            Self::Contradicted => f.write_str("CONTRADICTED: something says that other events, or more, were here"),
            Self::Broken => f.write_str("BROKEN: what is here does not fit together"),
        }
    }
}

/// What verifying found.
#[derive(Debug)]
pub struct Verified {
    /// of the directory itself
    pub inspection: Inspection,
    /// stages that ended twice
    pub endings: Vec<EndingFault>,
    /// what was kept elsewhere and says otherwise, in words
    pub parted: Vec<String>,
    /// what was kept elsewhere and could not be compared, in words
    pub apart: Vec<String>,
    /// what was kept elsewhere and agrees, in words
    pub agreed: Vec<String>,
    /// all in all
    pub verdict: Verdict,
}

/// Verifies a stopped data directory, a backup or a copied archive, and holds it against what was kept elsewhere.
///
/// # Errors
/// As [`NamedDir::inspect_with`].
pub fn verify(data: &NamedDir, outside: &[Outside]) -> Result<Verified, JournalFault> {
    let mut endings = Endings::default();
    let inspection = data.inspect_with(&mut |recorded| endings.see(recorded))?;
    let endings = endings.faults().to_vec();
    let (mut parted, mut apart, mut agreed, mut vouched) = (Vec::new(), Vec::new(), Vec::new(), None);
    let own = if outside.is_empty() { None } else { data.reader().ok() };
    for one in outside {
        let compared = match &own {
            Some(own) => compare(own, one),
            None => Compared::Not("the journal here can't be read to its end".to_owned()),
        };
        match compared {
            Compared::Same(position) => {
                agreed.push(format!("{one}: the same up to event {position}"));
                vouched = vouched.max(Some(position));
            }
            Compared::Further(position) => parted.push(format!(
                "{one}: the end is missing here: the journal ends before event {position}, and what was kept elsewhere holds it"
            )),
            Compared::Parts(position) => {
                parted.push(format!("{one}: another history from event {position} on"));
            }
            Compared::Not(why) => apart.push(format!("{one}: not compared: {why}")),
        }
    }
    let unfit = [Part::Chain, Part::Files, Part::Links];
    let broken = unfit.into_iter().any(|part| inspection.has_fault(part)) || !endings.is_empty();
    let verdict = if broken {
        Verdict::Broken
    } else if inspection.has_fault(Part::Witness) || !parted.is_empty() {
        Verdict::Contradicted
    } else if inspection.has_fault(Part::Archive) {
        Verdict::Archive
    } else if inspection.has_fault(Part::SecondCopy) {
        Verdict::SecondCopy
    } else {
        Verdict::Consistent { vouched }
    };
    Ok(Verified { inspection, endings, parted, apart, agreed, verdict })
}

fn compare(own: &Reader, outside: &Outside) -> Compared {
    compare_with(own, outside).unwrap_or_else(|fault| Compared::Not(fault.to_string()))
}

fn compare_with(own: &Reader, outside: &Outside) -> Result<Compared, JournalFault> {
    match outside {
        Outside::Printed(printed) => {
            let Some(event) = own.read(printed.position - 1).next().transpose()? else {
                return Ok(Compared::Further(own.head().position + 1));
            };
            let same = event.hash.to_string().starts_with(&printed.hash);
            Ok(if same { Compared::Same(printed.position) } else { Compared::Parts(printed.position) })
        }
        Outside::Copy(copy) => {
            let mut lines = own.lines(0);
            let mut same = 0;
            for copied in copy.reader()?.lines(0) {
                let copied = copied?;
                match lines.next().transpose()? {
                    Some(line) if line.bytes == copied.bytes => same = copied.position,
                    Some(_) => return Ok(Compared::Parts(copied.position)),
                    None => return Ok(Compared::Further(copied.position)),
                }
            }
            Ok(Compared::Same(same))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_hash_is_read_as_it_is_printed() {
        let digits = "3F5A9C0011223344";
        let printed: Printed = format!("1204: {digits}").parse().unwrap();
        assert_eq!((printed.position, printed.hash.as_str()), (1204, "3f5a9c0011223344"));
        for bad in ["1204", "0:3f5a9c0011223344", "1204:3f5a", "1204:zz5a9c0011223344", "x:3f5a9c0011223344"]
        {
            assert_eq!(bad.parse::<Printed>(), Err(BadPrint(bad.to_owned())), "{bad}");
        }
    }
}
