//! What a draft keeps, and what it never loses.

use super::*;
use crate::journal::Shelves;

fn now() -> DateTime<Utc> {
    "2021-06-23T01:00:00Z".parse().unwrap()
}

fn today() -> NaiveDate {
    now().date_naive()
}

fn id() -> OccurrenceId {
    "p/x/once".parse().unwrap()
}

fn going(progress: &str) -> Entry {
    Entry { choice: Choice::Going, progress: progress.to_owned(), ..Entry::default() }
}

fn posted(base: &str, entry: Entry) -> Posted {
    Posted { base: base.to_owned(), entries: [(id(), entry)].into(), ..Posted::default() }
}

#[test]
fn days_are_read_as_people_type_them() {
    let day = NaiveDate::from_ymd_opt(2021, 6, 8);
    for text in ["2021-06-08", " 2021/6/8 ", "2021.6.8", "2021年6月8日"] {
        assert_eq!(parse_day(text), day, "{text}");
    }
    for text in ["", "6月8日", "2021-06", "2021-13-01", "21-6-8", "2021-6-8-1"] {
        assert_eq!(parse_day(text), None, "{text}");
    }
}

#[test]
fn what_a_colleague_entered_meanwhile_is_never_lost() {
    let mut draft = Draft::new(now());
    let empty = draft.mark();
    draft.put(posted(&empty, going("一是……")), now(), today());
    let first = draft.mark();
    draft.put(posted(&empty, going("二是……")), now(), today());
    let entry = &draft.entries[&id()];
    assert_eq!(
        (entry.progress.as_str(), entry.other.as_ref().unwrap().progress.as_str()),
        ("二是……", "一是……")
    );
    draft.put(posted(&first, Entry::default()), now(), today());
    assert_eq!(draft.entries[&id()].progress, "二是……", "a form that says nothing of it takes nothing away");
    draft.put(posted(&draft.mark(), Entry::default()), now(), today());
    assert!(draft.entries[&id()].is_blank(), "who saw it may take it away");
}

#[test]
fn of_a_form_that_broke_in_the_middle_only_what_came_is_put_in() {
    let mut draft = Draft::new(now());
    let full = Entry { problem: "资金未到位".to_owned(), ..going("已开工") };
    let person =
        PersonEntry { name: "王建国".to_owned(), phone: "1".to_owned(), ..PersonEntry::default() };
    draft.put(Posted { person: Some(person.clone()), ..posted("", full) }, now(), today());
    let came = Entry { done_text: "完成".to_owned(), ..Entry::default() };
    let said = [format!("done_text~{}", id()), "name".to_owned()].into();
    let other = PersonEntry { name: "李某".to_owned(), ..PersonEntry::default() };
    let half = Posted { broken: true, said, person: Some(other), ..posted(&draft.mark(), came) };
    draft.put(half, now(), today());
    let entry = &draft.entries[&id()];
    let kept = (entry.choice, entry.progress.as_str(), entry.problem.as_str(), entry.done_text.as_str());
    assert_eq!(kept, (Choice::Going, "已开工", "资金未到位", "完成"));
    assert_eq!((draft.person.name.as_str(), draft.person.phone.as_str()), ("李某", "1"));
}

#[test]
fn files_stay_while_words_change_and_get_the_day_typed_later() {
    let file = Evidence {
        digest: Digest::of(b"1"),
        name: "现场.jpg".to_owned(),
        bytes: 1,
        media_type: "image/jpeg".to_owned(),
        obtained_on: None,
    };
    let mut draft = Draft::new(now());
    let came = vec![(id(), false, file.clone()), (id(), false, file.clone())];
    draft.put(Posted { came, ..posted("", going("…")) }, now(), today());
    let entry = Entry { obtained_on: "2021-06-20".to_owned(), ..going("……") };
    draft.put(posted(&draft.mark(), entry), now(), today());
    let kept = &draft.entries[&id()].files;
    assert_eq!((kept.len(), kept[0].obtained_on), (1, NaiveDate::from_ymd_opt(2021, 6, 20)));
    draft.put(
        Posted { dropped: vec![(id(), file.digest)], base: draft.mark(), ..Posted::default() },
        now(),
        today(),
    );
    assert!(draft.entries[&id()].files.is_empty());
}

#[test]
fn a_day_that_was_wrong_can_be_put_right_and_one_ahead_never_sticks() {
    let file = Evidence {
        digest: Digest::of(b"1"),
        name: "现场.jpg".to_owned(),
        bytes: 1,
        media_type: "image/jpeg".to_owned(),
        obtained_on: None,
    };
    let mut draft = Draft::new(now());
    let dated = |day: &str| Entry { obtained_on: day.to_owned(), ..going("…") };
    let came = vec![(id(), false, file)];
    draft.put(Posted { came, ..posted("", dated("2022-05-01")) }, now(), today());
    assert_eq!(draft.entries[&id()].files[0].obtained_on, None);
    for day in ["2021-06-20", "2021-06-19", "", "2021-06-18"] {
        draft.put(posted(&draft.mark(), dated(day)), now(), today());
        assert_eq!(draft.entries[&id()].files[0].obtained_on, day.parse().ok(), "{day}");
    }
    // A second file has a day of its own.
    let second = Evidence { digest: Digest::of(b"2"), ..draft.entries[&id()].files[0].clone() };
    let came = vec![(id(), false, Evidence { obtained_on: None, ..second })];
    draft.put(Posted { came, ..posted(&draft.mark(), dated("2021-06-10")) }, now(), today());
    let days: Vec<_> = draft.entries[&id()].files.iter().map(|file| file.obtained_on).collect();
    assert_eq!(days, ["2021-06-18", "2021-06-10"].map(|day| day.parse().ok()));
    draft.put(
        Posted { dropped: vec![(id(), Digest::of(b"2"))], ..posted(&draft.mark(), dated("2021-06-18")) },
        now(),
        today(),
    );
    // A draft of before may bear one.
    draft.entries.get_mut(&id()).unwrap().files[0].obtained_on = NaiveDate::from_ymd_opt(2022, 5, 1);
    draft.put(posted(&draft.mark(), dated("2021-06-17")), now(), today());
    assert_eq!(draft.entries[&id()].files[0].obtained_on, NaiveDate::from_ymd_opt(2021, 6, 17));
}

#[test]
fn a_matter_holds_so_many_files_and_no_more_however_many_forms_bring_them() {
    let mut draft = Draft::new(now());
    let mut refused = Vec::new();
    for number in 0..EVIDENCE_MAX + 2 {
        let file = Evidence {
            digest: Digest::of(&number.to_le_bytes()),
            name: format!("{number}.jpg"),
            bytes: 1,
            media_type: "image/jpeg".to_owned(),
            obtained_on: None,
        };
        let came = vec![(id(), false, file)];
        refused.extend(draft.put(Posted { came, ..Posted::default() }, now(), today()));
    }
    assert_eq!(draft.entries[&id()].files.len(), EVIDENCE_MAX);
    assert_eq!(refused, [(id(), "20.jpg".to_owned()), (id(), "21.jpg".to_owned())]);
}

#[test]
fn a_draft_is_read_back_as_it_was_saved_and_a_damaged_one_is_put_aside() {
    let home = tempfile::tempdir().unwrap();
    let drafts = Drafts::new(DraftShelf::of(Shelves::of(home.path())));
    let unit: UnitId = "eco-env".parse().unwrap();
    assert_eq!(drafts.load(&unit), None);
    let mut draft = Draft::new(now());
    draft.put(posted("", going("…")), now(), today());
    drafts.save(&unit, &draft).unwrap();
    assert_eq!(drafts.load(&unit), Some(draft));
    std::fs::write(home.path().join("drafts/eco-env.json"), "{").unwrap();
    assert_eq!(drafts.load(&unit), None);
    assert!(home.path().join("drafts/eco-env.damaged").exists());
}
