//! What a start does before the journal is used (`docs/journal-format.md`, "What a start does").

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::mpsc::Receiver;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::archive::{ARCHIVE, Archive, Head, Reader, segment_name};
use super::check::CheckReport;
use super::codec;
use super::dir;
use super::disk::{Disk, real_dir};
use super::fault::{JournalFault, io_fault, must_exit, shown};
use super::finding::{Finding, Severity};
use super::heal::{Choice, choose, put, torn_bytes, write_archive};
use super::line::Hash;
use super::options::Options;
#[cfg(feature = "simulator")]
use super::plant;
use super::scan::{Scan, Slots, is_torn, reach, scan};
use super::sled_copy::SledCopy;
use super::store::{Store, Tail};
use super::walk::Named;
use super::witness::{Held, Noted, Notes, STORE_REACHED, hear, note};
use crate::domain::{Digest, Event};

/// Lines asked of the store at once while the archive is rebuilt.
const FETCH_LINES: usize = 4096;

/// What a start found and did.
#[derive(Debug, Default)]
pub struct OpenReport {
    /// the journal is new
    pub created: bool,
    /// where an incomplete last batch was moved
    pub torn: Option<String>,
    /// positions that the archive lacked or had wrong, taken from the store
    pub healed_in_archive: Vec<u64>,
    /// events that the store lacked at its end and gets now
    pub store_behind: u64,
    /// the store was here and is gone; it is built anew
    pub store_gone: bool,
    /// where a store that could not be opened was moved; it is built anew
    pub store_moved: Option<String>,
    /// the disk is full: the ballast was given up so that the store could be opened
    pub ballast_released: bool,
    /// what lies beside the journal and does not fit, and yet refuses no start
    pub findings: Vec<Finding>,
    /// the background check tells here what it found; `None` where there is no store
    pub check: Option<Receiver<CheckReport>>,
}

/// What a journal is made of once started.
pub(super) struct Started {
    pub archive: Archive,
    pub store: Option<Store>,
    pub versions: HashMap<String, u64>,
    pub last: Hash,
    /// `None` where the journal is new
    pub id: Option<Uuid>,
    pub lock: Option<File>,
    pub report: OpenReport,
}

/// Opens what is there, heals it, and follows with the store.
pub(super) fn start(data: &Path, options: &Options, now: DateTime<Utc>) -> Result<Started, JournalFault> {
    let disk = &options.disk;
    disk.create_dir_all(data).map_err(io_fault("create", data))?;
    let data = &if disk.is_real() { real_dir(data)? } else { data.to_owned() };
    if disk.is_real() {
        dir::refuse_links(data)?;
    }
    let lock = if disk.is_real() { Some(dir::lock(data)?) } else { None };
    let format = dir::check_format(disk, data)?;
    let archive_dir = data.join(ARCHIVE);
    let mut found = scan(disk, &archive_dir)?;
    let mut report = OpenReport::default();
    let mut store = None;
    let notes = if disk.is_real() { Notes::of(data) } else { Notes::default() };
    if options.store && disk.is_real() {
        let noted = SledCopy::noted(&data.join("store")).is_some_and(|noted| noted.position > 0);
        let mut room = || {
            report.ballast_released = dir::release_ballast(data);
            report.ballast_released
        };
        let (opened, state) = Store::open(&data.join("store"), &options.patience, &mut room)?;
        report.store_gone = noted && state.tail.is_none() && state.moved.is_none();
        report.store_moved = state.moved.as_deref().map(shown);
        store = Some((opened, state.tail));
    }
    // nothing of the directory was changed until here, but for the store and the ballast
    dir::prepare(disk, data, options.sync)?;
    if !format {
        dir::write_format(disk, data)?;
    }
    #[cfg(feature = "simulator")]
    plant::lose_tail(options.plant, disk, &archive_dir, &mut found)?;
    let tail = store.as_ref().and_then(|(_, tail)| *tail);
    let stored = reconcile(
        disk,
        &archive_dir,
        options.segment_events,
        &mut found,
        (store.as_ref().map(|(s, _)| s), tail),
        &mut report,
    )?;
    let end = reach(|p| found.slots.get(&p));
    let (head, id) = head_and_id(disk, &archive_dir, end.end, end.hash)?;
    let reader = Reader::new(disk.clone(), archive_dir, head);
    if disk.is_real() {
        let named = Named::by(&reader)?;
        let head = Some(head).filter(|head| head.position > 0);
        let heard = hear(data, &notes, &Held { last: end.end, head, slots: &found.slots, named: &named });
        if let Err(fault) = heard.refuse() {
            drop(store);
            put_back(data, &notes.read, report.store_moved.as_deref())?;
            return Err(fault);
        }
        let is_fault = |finding: &Finding| finding.kind.severity() == Severity::Fault;
        report.findings = heard.findings.into_iter().filter(is_fault).collect();
    }
    if options.sync {
        rewrite_last(disk, data, &found, &mut report)?;
    }
    let sync = options.sync;
    #[cfg(feature = "simulator")]
    let sync = sync && !plant::leaves_sync_out(options.plant);
    let archive = Archive::open(reader.clone(), options.segment_events, sync)?;
    if let Some((store, _)) = &store {
        report.store_behind = end.end - stored;
        store.follow(reader.clone(), stored, now);
        report.check = Some(store.check(&reader, data));
        if !report.ballast_released {
            dir::keep_ballast(disk, data);
        }
    }
    let store = store.map(|(store, _)| store);
    Ok(Started { archive, store, versions: found.versions, last: end.hash, id, lock, report })
}

/// A start that is refused leaves the second copy and its note as they were: the next one must hear them, too.
fn put_back(data: &Path, notes: &[Noted], moved: Option<&str>) -> Result<(), JournalFault> {
    let store = data.join("store");
    if let Some(moved) = moved {
        fs::remove_dir_all(&store).map_err(io_fault("remove", &store))?;
        fs::rename(moved, &store).map_err(io_fault("put back", &store))?;
    }
    let reached = data.join(STORE_REACHED);
    match notes.iter().find(|noted| noted.path == reached) {
        Some(noted) => {
            fs::write(&reached, note(noted.position, noted.hash)).map_err(io_fault("put back", &reached))
        }
        None => Ok(()),
    }
}

/// After a failed sync the page cache shows what the disk does not have, and nothing else can tell.
fn rewrite_last(disk: &Disk, data: &Path, found: &Scan, report: &mut OpenReport) -> Result<(), JournalFault> {
    let Some(last) = found.segments.last() else { return Ok(()) };
    let bytes = disk.read(&last.path, 0).map_err(io_fault("read", &last.path))?.unwrap_or_default();
    let mut done = put(disk, &last.path, &bytes);
    if is_full(&done) && disk.is_real() && dir::release_ballast(data) {
        report.ballast_released = true;
        done = put(disk, &last.path, &bytes);
    }
    if is_full(&done) && disk.is_real() {
        // the same bytes over themselves take no space, and make every page dirty again
        done = overwrite(&last.path, &bytes).map_err(|e| must_exit(&last.path, "sync failed", &e));
    }
    done
}

fn is_full(done: &Result<(), JournalFault>) -> bool {
    matches!(done, Err(JournalFault::DiskFull { .. }))
}

fn overwrite(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let file = File::options().write(true).open(path)?;
    file.write_all_at(bytes, 0)?;
    file.sync_data()
}

/// Makes the archive hold the chosen lines; returns how far the store agrees with it.
pub(super) fn reconcile(
    disk: &Disk,
    archive: &Path,
    segment_events: u64,
    found: &mut Scan,
    (store, tail): (Option<&Store>, Tail),
    report: &mut OpenReport,
) -> Result<u64, JournalFault> {
    let alone = reach(|p| found.slots.get(&p));
    let torn = is_torn(found, alone.end);
    let whole = found.tiles() && found.slots.len() as u64 == alone.end;
    let agreed = match tail {
        None => Some(0),
        Some((position, hash)) => (position <= alone.end
            && hash.is_some()
            && found.slots.get(&position).map(|slot| slot.hash) == hash)
            .then_some(position),
    };
    if let (Some(stored), true) = (agreed, whole) {
        return Ok(stored);
    }
    let mut stored_slots = match (store, agreed) {
        // equal ends are equal histories: nothing to learn unless the archive is damaged
        (Some(store), agreed) if agreed.is_none() || !torn => {
            let (slots, moved) = store.slots()?;
            report.store_moved = moved.as_deref().map(shown).or(report.store_moved.take());
            slots
        }
        _ => Slots::new(),
    };
    let choice = choose(found, &mut stored_slots, archive)?;
    if choice.reach.end < alone.end {
        return Err(JournalFault::HistoriesDiffer { position: choice.reach.stop });
    }
    write_torn(disk, archive, found, &choice, report)?;
    let mut held: Vec<(u64, Vec<u8>)> = Vec::new();
    let fetch = |position: u64| {
        let index = |held: &Vec<(u64, Vec<u8>)>| held.binary_search_by_key(&position, |(p, _)| *p).ok();
        if index(&held).is_none() {
            held = store.map_or(Ok(Vec::new()), |s| s.lines(position, FETCH_LINES))?;
        }
        Ok(index(&held).and_then(|at| held.get(at)).map(|(_, line)| line.clone()).unwrap_or_default())
    };
    write_archive(disk, archive, found, &choice, fetch, segment_events)?;
    report.healed_in_archive = choice.from_store.iter().copied().collect();
    *found = scan(disk, archive)?;
    let end = choice.reach.end;
    let again = reach(|p| found.slots.get(&p));
    if again.hash != choice.reach.hash || !found.tiles() {
        let what = "the archive does not hold what was written to it".to_owned();
        return Err(JournalFault::Damaged { position: again.stop, place: shown(archive), what });
    }
    let Some(store) = store else { return Ok(0) };
    store.cut(end)?;
    // the store agrees up to the first line that it lacks; the background check does the rest
    let from_end =
        stored_slots.iter().next_back().filter(|(p, s)| found.slots.get(p).is_some_and(|a| a.hash == s.hash));
    Ok(match agreed {
        Some(position) => position,
        None => from_end.map_or(0, |(position, _)| (*position).min(end)),
    })
}

/// Keeps what lies beyond the last whole batch.
fn write_torn(
    disk: &Disk,
    archive: &Path,
    found: &Scan,
    choice: &Choice,
    report: &mut OpenReport,
) -> Result<(), JournalFault> {
    let end = choice.reach.end;
    let bytes = torn_bytes(disk, found, end)?;
    if bytes.is_empty() {
        return Ok(());
    }
    let names = disk.list(archive).map_err(io_fault("list", archive))?;
    let name = format!("torn-{:020}", end + 1);
    let free = std::iter::once(name.clone())
        .chain((2..=9999).map(|n| format!("{name}-{n}")))
        .find(|n| !names.contains(n));
    let path = archive.join(free.unwrap_or(name));
    put(disk, &path, &bytes)?;
    report.torn = Some(shown(&path));
    Ok(())
}

/// The last event and the journal's id, read back.
fn head_and_id(
    disk: &Disk,
    archive: &Path,
    end: u64,
    hash: Hash,
) -> Result<(Head, Option<Uuid>), JournalFault> {
    let mut head = Head { position: end, hash: Digest::ZERO, recorded_at: DateTime::UNIX_EPOCH };
    if end == 0 {
        return Ok((head, None));
    }
    head.hash = codec::digest(hash);
    let reader = Reader::new(disk.clone(), archive.to_owned(), head);
    let missing = |position| JournalFault::Codec { position, what: "it can't be read back".into() };
    let first = reader.read(0).next().ok_or_else(|| missing(1))??;
    let last = reader.read(end - 1).next().ok_or_else(|| missing(end))??;
    head.recorded_at = last.recorded_at;
    let Event::JournalCreated { journal, .. } = first.event else {
        let what = "the first event is not JournalCreated".into();
        return Err(JournalFault::Damaged {
            position: 1,
            place: shown(&archive.join(segment_name(1))),
            what,
        });
    };
    Ok((head, Some(journal)))
}
