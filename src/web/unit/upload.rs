//! A form as it comes over the line: words into memory, files straight onto their shelf, and to the end
//! even where a file is refused, so that no word behind it is lost.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::{Field as Part, MultipartError};
use axum::http::StatusCode;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tracing::warn;

use super::Page;
use super::access::Opened;
use super::allowance::Allowances;
use super::body::Unfit;
use super::draft::{Choice, Entry, PersonEntry, Posted};
use super::kind::{HEAD_BYTES, media_type};
use super::pages::Closed;
use super::refused::{Field, FileRefused};
use crate::domain::answer::{EVIDENCE_MAX, FILE_NAME_BYTES_MAX};
use crate::domain::{Digest, Evidence, OccurrenceId};
use crate::planner::{EvidenceTray, Giver, NewEvidence, TrayFault};
use crate::words::clean;

/// All words of a form, in bytes.
pub(super) const WORDS_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Words of one field, in bytes; what the office's rules allow is less.
const FIELD_BYTES_MAX: usize = 64 * 1024;
/// Fields and files of one form.
const PARTS_MAX: usize = 8000;
/// Files of one form.
const FILES_MAX: usize = 400;
/// Longest that the next piece may keep us waiting.
const PIECE_SECONDS_MAX: u64 = 30;
/// Pieces are gathered to this size before they are written.
const PIECE_BYTES: usize = 256 * 1024;

/// What files may measure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub file_bytes_max: u64,
    pub request_bytes_max: u64,
}

/// A form that has come.
#[derive(Debug, Default)]
pub(super) struct Form {
    /// what was pressed
    pub step: String,
    /// the page on which it was, counted from 1
    pub page: usize,
    /// what is handed in, as the preview showed it
    pub mark: String,
    pub posted: Posted,
    /// files that were not taken: of which matter, whether 审签件, its name, why
    pub refused: Vec<(OccurrenceId, bool, String, FileRefused)>,
    /// fields of which only the beginning was kept
    pub cut: Vec<(OccurrenceId, Field)>,
    /// why it was not read to its end
    pub broken: Option<Broken>,
}

/// Why a form was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// the rest did not come, or was no form
    Cut,
    /// a name in it is too long
    LongName,
    /// the rest was too much
    TooLarge,
}

impl From<Broken> for Closed {
    fn from(why: Broken) -> Self {
        match why {
            Broken::Cut => Self::Cut,
            Broken::LongName => Self::LongName,
            Broken::TooLarge => Self::TooLarge,
        }
    }
}

impl Broken {
    fn of(fault: &MultipartError) -> Self {
        let mut causes =
            std::iter::successors(Some(fault as &(dyn Error + 'static)), |&fault| fault.source());
        if causes.any(|cause| cause.downcast_ref() == Some(&Unfit::Head)) {
            Self::LongName
        } else if fault.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::TooLarge
        } else {
            Self::Cut
        }
    }
}

/// Reads a form. What is no field of ours is passed over.
pub(super) async fn read(mut parts: Multipart, page: &Page, tray: &EvidenceTray, through: &Opened) -> Form {
    let sizes = page.sizes;
    let room = Room { tray, allowances: &page.allowances, through };
    let mut form = Form::default();
    let (mut words, mut files, mut left) = (0, 0, sizes.request_bytes_max);
    let mut of_matter: BTreeMap<OccurrenceId, usize> = BTreeMap::new();
    for _ in 0..PARTS_MAX {
        let part = match timeout(Duration::from_secs(PIECE_SECONDS_MAX), parts.next_field()).await {
            Ok(Ok(Some(part))) => part,
            Ok(Ok(None)) => return form,
            Ok(Err(fault)) => return broken(form, Broken::of(&fault)),
            Err(_) => return broken(form, Broken::Cut),
        };
        let name = part.name().unwrap_or_default().to_owned();
        if let Some(file) = part.file_name().map(str::to_owned) {
            let target = name.split_once('~').and_then(|(field, id)| {
                let is_approval = field == "approval";
                (is_approval || field == "files").then_some(())?;
                Some((id.parse::<OccurrenceId>().ok()?, is_approval))
            });
            let Some((id, is_approval)) = target.filter(|_| !file.is_empty()) else {
                if let Err(why) = drain(part).await {
                    return broken(form, why);
                }
                continue;
            };
            files += 1;
            let file = file_name(&file);
            if files > FILES_MAX {
                form.refused.push((id, is_approval, file, FileRefused::TooMany));
                if let Err(why) = drain(part).await {
                    return broken(form, why);
                }
                continue;
            }
            let count = of_matter.entry(id.clone()).or_default();
            *count += 1;
            let taken = take_in(part, &file, sizes, left, *count > EVIDENCE_MAX, room).await;
            match taken {
                Err(Untaken::Broken(why)) => {
                    form.refused.push((id, is_approval, file, FileRefused::Lost));
                    return broken(form, why);
                }
                Ok(evidence) => {
                    left = left.saturating_sub(evidence.bytes);
                    form.posted.came.push((id, is_approval, evidence));
                }
                Err(Untaken::Refused(why)) => form.refused.push((id, is_approval, file, why)),
            }
        } else {
            match text(part, &mut words).await {
                Ok((text, is_cut)) => field(&mut form, &name, text, is_cut),
                Err(why) => return broken(form, why),
            }
        }
    }
    broken(form, Broken::TooLarge)
}

fn broken(mut form: Form, why: Broken) -> Form {
    form.broken = Some(why);
    form.posted.broken = true;
    form
}

/// One field's words, and whether only their beginning: what is too long is read to its end all the same.
/// CR LF as browsers send it becomes LF.
async fn text(mut part: Part<'_>, words: &mut usize) -> Result<(String, bool), Broken> {
    let (mut bytes, mut is_cut) = (Vec::new(), false);
    while let Some(piece) = next(&mut part).await? {
        let room = FIELD_BYTES_MAX.saturating_sub(bytes.len()).min(WORDS_BYTES_MAX.saturating_sub(*words));
        let taken = piece.get(..room).unwrap_or(&piece);
        is_cut |= taken.len() < piece.len();
        *words = words.saturating_add(taken.len());
        bytes.extend_from_slice(taken);
    }
    if let Some(whole) =
        std::str::from_utf8(&bytes).err().filter(|fault| is_cut && fault.error_len().is_none())
    {
        // The cut went through a character.
        bytes.truncate(whole.valid_up_to());
    }
    Ok((String::from_utf8_lossy(&bytes).replace("\r\n", "\n"), is_cut))
}

fn field(form: &mut Form, name: &str, text: String, is_cut: bool) {
    let Some((field, id)) = name.split_once('~') else {
        let person = || PersonEntry::default();
        form.posted.said.insert(name.to_owned());
        match name {
            // The first button pressed counts; a form has one.
            "step" => form.step = text,
            "page" => form.page = text.parse().unwrap_or(1),
            "mark" => form.mark = text,
            "base" => form.posted.base = text,
            "seen" => form.posted.seen = text.parse().unwrap_or(0),
            "name" => form.posted.person.get_or_insert_with(person).name = text,
            "post" => form.posted.person.get_or_insert_with(person).post = text,
            "phone" => form.posted.person.get_or_insert_with(person).phone = text,
            "stays" => form.posted.person.get_or_insert_with(person).stays = true,
            _ => {}
        }
        return;
    };
    let Ok(id) = id.parse::<OccurrenceId>() else { return };
    if field == "drop" {
        if let Ok(digest) = text.parse::<Digest>() {
            form.posted.dropped.push((id, digest));
        }
        return;
    }
    if is_cut && let Some(field) = Field::of(field) {
        form.cut.push((id.clone(), field));
    }
    form.posted.said.insert(name.to_owned());
    let entry: &mut Entry = form.posted.entries.entry(id).or_default();
    match field {
        "choice" => entry.choice = Choice::parse(&text),
        "extend" => entry.extend = true,
        _ => {
            if let Some(words) = entry.words_mut(field) {
                *words = text;
            }
        }
    }
}

/// The next piece; an error where it doesn't come, or not in time.
async fn next(part: &mut Part<'_>) -> Result<Option<Bytes>, Broken> {
    match timeout(Duration::from_secs(PIECE_SECONDS_MAX), part.chunk()).await {
        Ok(Ok(piece)) => Ok(piece),
        Ok(Err(fault)) => Err(Broken::of(&fault)),
        Err(_) => Err(Broken::Cut),
    }
}

async fn drain(mut part: Part<'_>) -> Result<(), Broken> {
    while next(&mut part).await?.is_some() {}
    Ok(())
}

/// Why a file did not come onto its shelf.
enum Untaken {
    Refused(FileRefused),
    /// nothing after it was read, either
    Broken(Broken),
}

impl From<FileRefused> for Untaken {
    fn from(why: FileRefused) -> Self {
        Self::Refused(why)
    }
}

/// Where files go, and how much of them the link may still bring in.
#[derive(Clone, Copy)]
struct Room<'a> {
    tray: &'a EvidenceTray,
    allowances: &'a Allowances,
    through: &'a Opened,
}

/// One file onto its shelf; what is refused is read to its end all the same.
async fn take_in(
    part: Part<'_>,
    name: &str,
    sizes: Sizes,
    left: u64,
    too_many: bool,
    room: Room<'_>,
) -> Result<Evidence, Untaken> {
    let mut counted = 0;
    let taken = stream_in(part, name, sizes, left, too_many, room, &mut counted).await;
    if taken.is_err() {
        room.allowances.give_back(room.through, counted);
    }
    taken
}

async fn stream_in(
    mut part: Part<'_>,
    name: &str,
    sizes: Sizes,
    left: u64,
    too_many: bool,
    room: Room<'_>,
    counted: &mut u64,
) -> Result<Evidence, Untaken> {
    const MIB: u64 = 1024 * 1024;
    let mut refused = too_many.then_some(FileRefused::TooMany);
    let mut new: Option<NewEvidence> = None;
    let mut kind = None;
    let (mut gathered, mut bytes) = (Vec::new(), 0_u64);
    loop {
        let piece = next(&mut part).await.map_err(Untaken::Broken)?;
        let ended = piece.is_none();
        if refused.is_some() {
            if ended {
                break;
            }
            continue;
        }
        if let Some(piece) = piece {
            bytes = bytes.saturating_add(piece.len() as u64);
            gathered.extend_from_slice(&piece);
        }
        if bytes > sizes.file_bytes_max {
            refused = Some(FileRefused::TooLarge(sizes.file_bytes_max / MIB));
        } else if bytes > left {
            refused = Some(FileRefused::TooMuch(sizes.request_bytes_max / MIB));
        } else if ended && bytes == 0 {
            refused = Some(FileRefused::Empty);
        } else if kind.is_none() && (ended || gathered.len() >= HEAD_BYTES) {
            kind = media_type(gathered.get(..HEAD_BYTES.min(gathered.len())).unwrap_or_default(), name);
            refused = kind.is_none().then_some(FileRefused::Kind);
        }
        if refused.is_some() {
            new = None;
        } else if ended || kind.is_some() && gathered.len() >= PIECE_BYTES {
            let bytes = gathered.len() as u64;
            match room.allowances.take(room.through, bytes, room.tray.free_for_links()) {
                Ok(()) => *counted += bytes,
                Err(why) => {
                    (refused, new) = (Some(why), None);
                    continue;
                }
            }
            match write(new.take(), std::mem::take(&mut gathered), room.tray).await {
                Ok(written) => new = Some(written),
                Err(why) => refused = Some(why),
            }
        }
        if ended {
            break;
        }
    }
    if let Some(why) = refused {
        return Err(why.into());
    }
    let (Some(new), Some(media_type)) = (new, kind) else { return Err(FileRefused::Empty.into()) };
    let kept = spawn_blocking(move || new.keep()).await;
    let digest = kept.map_err(|_| FileRefused::Disk)?.map_err(|fault| told(&fault))?;
    Ok(Evidence {
        digest,
        name: name.to_owned(),
        bytes,
        media_type: media_type.to_owned(),
        obtained_on: None,
    })
}

async fn write(
    new: Option<NewEvidence>,
    piece: Vec<u8>,
    tray: &EvidenceTray,
) -> Result<NewEvidence, FileRefused> {
    let tray = tray.clone();
    let written = spawn_blocking(move || {
        let mut new = new.map_or_else(|| tray.begin(Giver::Link), Ok)?;
        new.write(&piece)?;
        Ok::<_, TrayFault>(new)
    });
    written.await.map_err(|_| FileRefused::Disk)?.map_err(|fault| told(&fault))
}

fn told(fault: &TrayFault) -> FileRefused {
    warn!(cause = %fault, "a file of evidence was not taken in");
    match fault {
        TrayFault::NoRoom { .. } | TrayFault::NoFiles { .. } => FileRefused::NoRoom,
        TrayFault::Disk(_) => FileRefused::Disk,
    }
}

/// Longest end of a file's name (`.docx`) that is kept when the name is cut, in bytes.
const END_BYTES_MAX: usize = 16;

/// A file's name as people read it: no path, nothing hidden, not too long. It never names a file of ours.
pub(super) fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut name = clean(last).trim_matches(['.', ' ']).to_owned();
    if name.is_empty() {
        "未命名".clone_into(&mut name);
    }
    if name.len() <= FILE_NAME_BYTES_MAX {
        return name;
    }
    let (stem, end) = match name.rsplit_once('.') {
        Some((stem, end)) if end.len() < END_BYTES_MAX => (stem, format!(".{end}")),
        _ => (name.as_str(), String::new()),
    };
    let mut short = String::new();
    for c in stem.chars() {
        if short.len() + c.len_utf8() + end.len() > FILE_NAME_BYTES_MAX {
            break;
        }
        short.push(c);
    }
    short + &end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_is_words_and_never_a_way() {
        for (given, name) in [
            ("现场 照片(1).jpg", "现场 照片(1).jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\王\\报告.pdf", "报告.pdf"),
            ("..", "未命名"),
            ("/", "未命名"),
            ("报告\u{202e}fdp.exe\r\n.pdf", "报告fdp.exe .pdf"),
            ("a\0b.txt", "a b.txt"),
        ] {
            assert_eq!(file_name(given), name, "{given:?}");
        }
        let long = file_name(&format!("{}.pdf", "长".repeat(200)));
        assert!(long.len() <= FILE_NAME_BYTES_MAX && long.ends_with("长.pdf"), "{long}");
    }
}
