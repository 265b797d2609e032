//! What a unit has entered and not yet handed in: one draft a unit, in `drafts/`. No event, no truth; it may
//! be deleted. Whoever holds the unit's link shares it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::answer::EVIDENCE_MAX;
use crate::domain::{Digest, Evidence, OccurrenceId, UnitId};
use crate::office::Refused;
use crate::office::drafts::DraftShelf;

/// Largest draft of a unit, in bytes.
pub(super) const DRAFT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A unit's draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Draft {
    /// random; names this draft among all there ever were
    pub id: String,
    /// counted up whenever it is saved
    pub edition: u64,
    /// when that was
    pub saved_at: DateTime<Utc>,
    /// the ledger's position as the form showed it
    #[serde(default)]
    pub seen: u64,
    /// by matter
    #[serde(default)]
    pub entries: BTreeMap<OccurrenceId, Entry>,
    /// who fills it in
    #[serde(default)]
    pub person: PersonEntry,
}

/// What was entered of one matter, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Entry {
    /// the draft's edition in which it last changed
    pub edition: u64,
    pub choice: Choice,
    /// 完成日期
    pub done_on: String,
    /// 完成情况
    pub done_text: String,
    /// 目前进展
    pub progress: String,
    /// 存在问题
    pub problem: String,
    /// 请求协调
    pub ask: String,
    /// 下步措施
    pub next_steps: String,
    /// 申请延期
    pub extend: bool,
    /// 新的完成时间
    pub new_deadline: String,
    /// 异议
    pub dispute: String,
    /// 材料取得日期
    pub obtained_on: String,
    /// 印证材料, already kept in `evidence/`
    pub files: Vec<Evidence>,
    /// 审签件, likewise
    pub approval: Option<Evidence>,
    /// what a colleague had entered before this took its place
    pub other: Option<Box<Entry>>,
}

/// What a unit chose to say of a matter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Choice {
    /// 不填
    #[default]
    Nothing,
    /// 已完成
    Done,
    /// 推进中
    Going,
    /// 本月无变化
    Same,
    /// 有困难
    Hard,
    /// 对交办有异议
    Dispute,
    /// 补充材料
    Files,
}

impl Choice {
    /// In forms.
    pub(super) const ALL: [(Self, &'static str); 7] = [
        (Self::Nothing, ""),
        (Self::Done, "done"),
        (Self::Going, "going"),
        (Self::Same, "same"),
        (Self::Hard, "hard"),
        (Self::Dispute, "dispute"),
        (Self::Files, "files"),
    ];

    pub(super) fn parse(text: &str) -> Self {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(choice, _)| *choice).unwrap_or_default()
    }

    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(choice, _)| *choice == self).map_or("", |(_, name)| name)
    }
}

/// Whoever fills in, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PersonEntry {
    pub name: String,
    pub post: String,
    pub phone: String,
    /// 以后由我办理
    pub stays: bool,
}

/// What one form said, to be put into the draft.
#[derive(Debug, Default)]
pub(super) struct Posted {
    /// the draft as the form showed it, `ID-EDITION`
    pub base: String,
    /// the ledger's position as the form showed it
    pub seen: u64,
    /// names of the fields that came, `FIELD~MATTER`
    pub said: BTreeSet<String>,
    /// not all of it came: a field that is not there says nothing
    pub broken: bool,
    /// by matter; no files among them
    pub entries: BTreeMap<OccurrenceId, Entry>,
    /// files taken away
    pub dropped: Vec<(OccurrenceId, Digest)>,
    /// files that came, and whether they are 审签件
    pub came: Vec<(OccurrenceId, bool, Evidence)>,
    pub person: Option<PersonEntry>,
}

/// Fields of words, as forms name them.
const WORDS: [&str; 9] = [
    "done_on",
    "done_text",
    "progress",
    "problem",
    "ask",
    "next_steps",
    "new_deadline",
    "dispute",
    "obtained_on",
];

impl Entry {
    /// Whether nothing was said or typed; files aside.
    pub(super) fn is_blank(&self) -> bool {
        self.choice == Choice::Nothing && self.texts().iter().all(|text| text.trim().is_empty())
    }

    /// Whether there is nothing to keep.
    pub(super) fn is_empty(&self) -> bool {
        self.is_blank() && self.files.is_empty() && self.approval.is_none() && self.other.is_none()
    }

    /// Whether it is to be handed in.
    pub(super) fn says_something(&self) -> bool {
        self.choice != Choice::Nothing || !self.files.is_empty()
    }

    fn texts(&self) -> [&str; 8] {
        [
            &self.done_on,
            &self.done_text,
            &self.progress,
            &self.problem,
            &self.ask,
            &self.next_steps,
            &self.new_deadline,
            &self.dispute,
        ]
    }

    /// The words of a field of forms; `None` where it is none of words.
    pub(super) fn words_mut(&mut self, field: &str) -> Option<&mut String> {
        Some(match field {
            "done_on" => &mut self.done_on,
            "done_text" => &mut self.done_text,
            "progress" => &mut self.progress,
            "problem" => &mut self.problem,
            "ask" => &mut self.ask,
            "next_steps" => &mut self.next_steps,
            "new_deadline" => &mut self.new_deadline,
            "dispute" => &mut self.dispute,
            "obtained_on" => &mut self.obtained_on,
            _ => return None,
        })
    }

    /// Files that bore the day which stood in the field bear the one that stands there now.
    fn redate(&mut self, old: &str, today: NaiveDate) {
        let (old, new) = (parse_day(old), past_day(&self.obtained_on, today));
        if old == parse_day(&self.obtained_on) {
            return;
        }
        for file in self.files.iter_mut().filter(|file| file.obtained_on == old) {
            file.obtained_on = new;
        }
    }

    /// Takes over what stood in fields that did not come.
    fn keep_unsaid(&mut self, mut old: Self, came: impl Fn(&str) -> bool) {
        if !came("choice") {
            self.choice = old.choice;
        }
        // A box that is not ticked is sent by no browser.
        self.extend |= old.extend && !came("extend");
        for field in WORDS.into_iter().filter(|field| !came(field)) {
            if let (Some(new), Some(old)) = (self.words_mut(field), old.words_mut(field)) {
                *new = std::mem::take(old);
            }
        }
    }

    fn says_the_same(&self, other: &Self) -> bool {
        self.choice == other.choice
            && self.extend == other.extend
            && self.texts() == other.texts()
            && self.obtained_on == other.obtained_on
    }
}

impl Posted {
    /// Whether it said nothing at all, as a form does that broke before its first field.
    pub(super) fn is_empty(&self) -> bool {
        self.said.is_empty() && self.dropped.is_empty() && self.came.is_empty()
    }
}

impl PersonEntry {
    fn keep_unsaid(&mut self, old: &Self, came: impl Fn(&str) -> bool) {
        let fields = [
            ("name", &mut self.name, &old.name),
            ("post", &mut self.post, &old.post),
            ("phone", &mut self.phone, &old.phone),
        ];
        for (field, new, old) in fields {
            if !came(field) {
                new.clone_from(old);
            }
        }
        self.stays |= old.stays;
    }
}

impl Draft {
    /// A new one, of this instant.
    pub(super) fn new(now: DateTime<Utc>) -> Self {
        Self {
            id: Uuid::new_v4().simple().to_string(),
            edition: 0,
            saved_at: now,
            seen: 0,
            entries: BTreeMap::new(),
            person: PersonEntry::default(),
        }
    }

    /// Names this edition of it: what a form shows, and what is handed in under it.
    pub(super) fn mark(&self) -> String {
        format!("{}-{}", self.id, self.edition)
    }

    /// Whether there is nothing to hand in.
    pub(super) fn says_nothing(&self) -> bool {
        !self.entries.values().any(Entry::says_something)
    }

    /// Puts in what a form said. Where a colleague changed a matter since that form was shown, the form
    /// wins and the colleague's words stay beside it; where the form says nothing of it, they stay.
    /// Returns the files that were too many, by matter and name.
    pub(super) fn put(
        &mut self,
        posted: Posted,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Vec<(OccurrenceId, String)> {
        let base = posted.base.rsplit_once('-').filter(|(id, _)| *id == self.id);
        let seen = base.and_then(|(_, edition)| edition.parse::<u64>().ok()).unwrap_or(0);
        self.edition = self.edition.saturating_add(1);
        self.saved_at = now;
        self.seen = posted.seen;
        for (id, mut new) in posted.entries {
            new.edition = self.edition;
            let Some(old) = self.entries.get_mut(&id) else {
                self.entries.insert(id, new);
                continue;
            };
            if posted.broken {
                new.keep_unsaid(old.clone(), |field| posted.said.contains(&format!("{field}~{id}")));
            }
            let newer = old.edition > seen;
            if new.says_the_same(old) || newer && new.is_blank() {
                continue;
            }
            new.files = std::mem::take(&mut old.files);
            // A day that comes with further files is theirs: one of before keeps its own.
            if !posted.came.iter().any(|(of, is_approval, _)| *of == id && !is_approval) {
                new.redate(&old.obtained_on, today);
            }
            new.approval = old.approval.take();
            new.other = old.other.take();
            if newer && !old.is_blank() {
                new.other = Some(Box::new(Entry { other: None, ..old.clone() }));
            }
            *old = new;
        }
        for (id, digest) in posted.dropped {
            let Some(entry) = self.entries.get_mut(&id) else { continue };
            entry.files.retain(|file| file.digest != digest);
            entry.approval.take_if(|file| file.digest == digest);
        }
        let mut too_many = Vec::new();
        for (id, is_approval, file) in posted.came {
            let entry = self.entries.entry(id.clone()).or_default();
            if is_approval {
                entry.approval = Some(file);
            } else if entry.files.len() >= EVIDENCE_MAX {
                too_many.push((id, file.name));
            } else if !entry.files.iter().any(|known| known.digest == file.digest) {
                entry.files.push(file);
            }
        }
        for entry in self.entries.values_mut() {
            let day = past_day(&entry.obtained_on, today);
            for file in &mut entry.files {
                file.obtained_on = file.obtained_on.filter(|day| *day <= today).or(day);
            }
        }
        self.entries.retain(|_, entry| !entry.is_empty());
        if let Some(mut person) = posted.person {
            if posted.broken {
                person.keep_unsaid(&self.person, |field| posted.said.contains(field));
            }
            self.person = person;
        }
        too_many
    }
}

/// A day as people type it: `2021-06-28`, `2021/6/28`, `2021.6.28`, `2021年6月28日`.
pub(super) fn parse_day(text: &str) -> Option<NaiveDate> {
    let digits = |c: char| !c.is_ascii_digit();
    let mut parts = text.trim().trim_end_matches('日').split(digits);
    let day = NaiveDate::from_ymd_opt(
        parts.next().filter(|year| year.len() == 4)?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    );
    if parts.next().is_some() { None } else { day }
}

/// The same, where it does not lie ahead: nothing was obtained tomorrow.
fn past_day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    parse_day(text).filter(|day| *day <= today)
}

/// Why a draft is not kept; what was kept before stays.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsaved {
    #[error("it has more than {DRAFT_BYTES_MAX} bytes")]
    TooLarge,
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Disk(#[from] Refused),
}

/// The drafts of all units.
#[derive(Debug)]
pub(super) struct Drafts {
    shelf: DraftShelf,
    /// held from reading a draft until it is written: a form must not undo another
    pub lock: tokio::sync::Mutex<()>,
}

impl Drafts {
    pub(super) fn new(shelf: DraftShelf) -> Self {
        Self { shelf, lock: tokio::sync::Mutex::new(()) }
    }

    /// A unit's draft; `None` where there is none, or it can't be read: then it is put aside.
    pub(super) fn load(&self, unit: &UnitId) -> Option<Draft> {
        let draft = serde_json::from_slice(&self.shelf.draft(unit)?).ok();
        if draft.is_none() {
            self.shelf.put_aside(unit);
        }
        draft
    }

    /// Keeps a draft; durable on return.
    pub(super) fn save(&self, unit: &UnitId, draft: &Draft) -> Result<(), Unsaved> {
        let bytes = serde_json::to_vec(draft)?;
        if bytes.len() > DRAFT_BYTES_MAX {
            return Err(Unsaved::TooLarge);
        }
        Ok(self.shelf.keep_draft(unit, &bytes)?)
    }

    /// Forgets a draft that was handed in.
    pub(super) fn remove(&self, unit: &UnitId) {
        self.shelf.remove_draft(unit);
    }
}

#[cfg(test)]
mod tests;
