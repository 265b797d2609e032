//! A workbook's parts, held against limits before its reader sees them: what they declare, what comes out of them, and
//! what its reader would make of them.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::book::{Limits, Unreadable};
use crate::domain::command::secret_mark;
use crate::locale::{Message, Value as Words, message};

/// Most parts of a workbook.
pub const PARTS_MAX: usize = 2_000;
/// Longest element of a style, in bytes: a cell's style holds a copy of what it is made of.
const STYLE_BYTES_MAX: usize = 2 * 1024;
/// How often a workbook's bytes may be read, over and over: three times is enough for each sheet.
const READS_MAX: u64 = 6;
/// Headers of its parts, which a small workbook mostly is, in bytes.
const HEADERS_BYTES: u64 = 4 * 1024;

/// What its parts say beside its cells.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// parts that hold notes on cells
    pub notes: usize,
    /// texts of which a part is struck through
    pub struck: BTreeSet<String>,
}

/// Holds every part against the limits.
pub(super) fn checked(bytes: &[u8], limits: &Limits) -> Result<Checked, Unreadable> {
    let damaged = |what: &dyn std::fmt::Display| Unreadable::Damaged(Words::Said(what.to_string()));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|fault| damaged(&fault))?;
    if archive.len() > PARTS_MAX {
        return Err(Unreadable::Damaged(
            message("sheet-over-parts").with("parts", &archive.len()).with("most", &PARTS_MAX).into(),
        ));
    }
    let most = limits.unpacked_bytes;
    let bomb = |part: Message| Unreadable::Bomb { most, part: part.into() };
    let mut declared: u64 = 0;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|fault| damaged(&fault))?;
        if part.encrypted() {
            return Err(Unreadable::Password);
        }
        declared = declared.saturating_add(part.size());
    }
    if declared > most {
        return Err(bomb(message("sheet-declared").with("bytes", &declared)));
    }
    let mut unpacked: u64 = 0;
    let mut found = Checked::default();
    let mut other = Some("a zip file of another kind (an .ods, or a .docx?)");
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|fault| damaged(&fault))?;
        let name = part.name().map(std::borrow::Cow::into_owned).unwrap_or_default();
        let room = most - unpacked;
        let mut limited = part.take(room + 1);
        let watched = Watched::of(&name);
        let mut printed = Printed::default();
        let mut kept = Vec::new();
        let came = match watched {
            Some(_) => limited.read_to_end(&mut kept).map(|came| u64::try_from(came).unwrap_or(u64::MAX)),
            None => io::copy(&mut limited, &mut printed),
        };
        let came = came.map_err(|fault| damaged(&format!("{name}: {fault}")))?;
        if came > room {
            return Err(bomb(message("sheet-reached-in").with("part", &name)));
        }
        unpacked += came;
        if let Some(mark) = printed.mark() {
            return Err(Unreadable::Secret(mark));
        }
        if let Some(watched) = watched {
            watched.hold(&kept, limits)?;
            if let Watched::Strings = watched {
                found.struck.append(&mut struck_texts(&kept));
            }
        }
        if name.starts_with("xl/") {
            other = None;
        }
        if name == "xl/workbook.bin" {
            return Err(Unreadable::OtherZip("an .xlsb"));
        }
        found.notes += usize::from(name.contains("comments") || name.contains("threadedComment"));
    }
    other.map_or(Ok(found), |other| Err(Unreadable::OtherZip(other)))
}

/// What a sheet prints above and below its pages, where papers bear their mark; its reader passes over it.
#[derive(Debug, Default)]
struct Printed {
    /// the end of what came before it begins, then the whole
    kept: Vec<u8>,
    begun: bool,
}

const PRINTED: &[u8] = b"headerFooter";
/// Longer than the six texts of a sheet may be (255 characters each), in bytes.
const PRINTED_BYTES_MAX: usize = 16 * 1024;

impl io::Write for Printed {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if !self.begun {
            self.kept.extend_from_slice(piece);
            let at = self.kept.windows(PRINTED.len()).position(|seen| seen == PRINTED);
            self.begun = at.is_some();
            let from = at.unwrap_or_else(|| (self.kept.len() + 1).saturating_sub(PRINTED.len()));
            self.kept.drain(..from);
        } else if self.kept.len() < PRINTED_BYTES_MAX {
            self.kept.extend_from_slice(piece);
        }
        self.kept.truncate(PRINTED_BYTES_MAX);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Printed {
    /// The mark of a secret in it. `&C`, `&"font,Bold"` and `&14` say where and how it is printed.
    fn mark(&self) -> Option<&'static str> {
        if !self.begun {
            return None;
        }
        let text = String::from_utf8_lossy(&self.kept).replace("&amp;", "&").replace("&quot;", "\"");
        text.split(['<', '>']).find_map(|text| {
            text.split('&').find_map(|run| {
                let run = match run.strip_prefix('"').and_then(|font| font.split_once('"')) {
                    Some((_, after)) => after,
                    None => run.trim_start_matches(|c: char| c.is_ascii_alphanumeric()),
                };
                secret_mark(run)
            })
        })
    }
}

/// Parts that become more in memory than they are.
#[derive(Clone, Copy)]
enum Watched {
    /// texts that cells point at
    Strings,
    /// looks of cells
    Styles,
}

impl Watched {
    /// By its name: its reader folds case, and the folder is the workbook's to choose.
    fn of(name: &str) -> Option<Self> {
        let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let is = |other: &str| base.eq_ignore_ascii_case(other);
        if is("sharedStrings.xml") {
            return Some(Self::Strings);
        }
        is("styles.xml").then_some(Self::Styles)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only elements count")]
    fn hold(self, part: &[u8], limits: &Limits) -> Result<(), Unreadable> {
        let texts = || Unreadable::Crowded(message("sheet-over-texts").with("most", &limits.strings).into());
        let mut reader = Reader::from_reader(part);
        reader.config_mut().check_end_names = false;
        let mut buffer = Vec::new();
        let mut count: usize = 0;
        loop {
            buffer.clear();
            let event = reader.read_event_into(&mut buffer);
            let tag = match event.map_err(|fault| Unreadable::Damaged(Words::Said(fault.to_string())))? {
                Event::Start(tag) | Event::Empty(tag) => tag,
                Event::Eof => return Ok(()),
                _ => continue,
            };
            match self {
                Self::Strings => {
                    // Room is made for as many as it says.
                    if declares_more(&tag, limits.strings) {
                        return Err(texts());
                    }
                    count += usize::from(tag.local_name().as_ref() == "si");
                    if count > limits.strings {
                        return Err(texts());
                    }
                }
                Self::Styles => {
                    count += 1;
                    if count > limits.styles || tag.len() > STYLE_BYTES_MAX {
                        let what = message("sheet-over-styles").with("most", &limits.styles);
                        return Err(Unreadable::Crowded(what.into()));
                    }
                }
            }
        }
    }
}

/// Shared texts with a run that is struck through.
fn struck_texts(part: &[u8]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut reader = Reader::from_reader(part);
    reader.config_mut().check_end_names = false;
    let mut buffer = Vec::new();
    let (mut text, mut is_struck, mut in_text) = (String::new(), false, false);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "si" => {
                text.clear();
                is_struck = false;
            }
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref() == "strike" => {
                is_struck |= !is_off(&tag);
            }
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "t" => in_text = true,
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "t" => in_text = false,
            Ok(Event::Text(run)) if in_text => text.push_str(run.as_ref()),
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "si" && is_struck => {
                found.insert(std::mem::take(&mut text));
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

/// Whether the element says `val="0"`.
fn is_off(tag: &BytesStart<'_>) -> bool {
    ["val=\"0\"", "val=\"false\"", "val='0'", "val='false'"].iter().any(|off| tag.contains(off))
}

/// Whether a `uniqueCount` of the element is more.
fn declares_more(tag: &BytesStart<'_>, most: usize) -> bool {
    let values = tag.split("uniqueCount").skip(1).filter_map(|rest| rest.split(['"', '\'']).nth(1));
    values.into_iter().any(|value| {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        !digits.is_empty() && digits.parse::<usize>().map_or(true, |count| count > most)
    })
}

/// The workbook's bytes; read over and over, they end in a fault: then several of its sheets are one part.
pub(super) struct Rationed<'b> {
    bytes: Cursor<&'b [u8]>,
    left: u64,
}

impl<'b> Rationed<'b> {
    pub(super) fn of(bytes: &'b [u8]) -> Self {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let left = length.saturating_mul(READS_MAX).saturating_add(HEADERS_BYTES);
        Self { bytes: Cursor::new(bytes), left }
    }
}

impl Read for Rationed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let came = self.bytes.read(into)?;
        let left = self.left.checked_sub(u64::try_from(came).unwrap_or(u64::MAX));
        self.left =
            left.ok_or_else(|| io::Error::other("several of its sheets are one and the same part"))?;
        Ok(came)
    }
}

impl Seek for Rationed<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}
