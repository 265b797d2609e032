//! Letters of the real plans as their recipients read them: two dozen, whole, nothing redacted.

use duban::domain::{Draft, Recipient};
use duban::letter::{self, Identity, Templates};
use duban::{report, schedules};

/// What a recipient sees first and reads: subject and plain text.
pub fn shown(draft: &Draft) -> String {
    let templates = Templates::embedded().unwrap();
    let identity = Identity {
        message_id: letter::message_id(uuid::Uuid::nil(), &draft.to, &draft.letter.to_string()),
        address: "unit@duban.example".to_owned(),
        templates: &templates,
    };
    let letter = letter::compose(draft, &identity).unwrap();
    format!("{}\n{}\n\n{}", draft.day, letter.subject, letter.text)
}

/// Day and unit of the letters that are pinned: each kind, each kind of recipient.
const PINNED: &[(&str, &str, &str)] = &[
    ("2021-05-24", "eco-env", "adoption of a unit that leads most"),
    ("2021-05-24", "transport", "adoption with a start already past"),
    ("2021-05-24", "fengcheng", "adoption of a township that leads one matter of seven units"),
    ("2021-05-24", "sci-tech", "adoption of a unit that only cooperates"),
    ("2021-05-24", "townships-all", "adoption of a collective without members"),
    ("2021-05-28", "energy", "the working day before a Monday's deadline"),
    ("2021-05-31", "eco-env", "on the day, with what is due in 30 days"),
    ("2021-06-01", "eco-env", "before a time to avoid"),
    ("2021-06-07", "energy", "first overdue round"),
    ("2021-06-15", "eco-env", "overdue round of a Monday off"),
    ("2021-06-15", "inspection-office", "escalation to the supervision unit"),
    ("2021-06-23", "eco-env", "seven days before"),
    ("2021-06-25", "eco-env", "collection and a month's end"),
    ("2021-06-25", "county-units-relevant", "collection of a collective"),
    ("2021-06-29", "housing", "the day before"),
    ("2021-06-30", "housing", "on the day, several plans"),
    ("2021-07-01", "market-reg", "notice of a start"),
    ("2021-07-05", "transport", "overdue round of a quarter"),
    ("2021-09-30", "eco-env", "on the day before a holiday week"),
    ("2021-10-29", "housing", "a deadline on a Sunday"),
    ("2021-12-27", "eco-env", "adoption of the standing plan on a round's Monday"),
    ("2021-12-31", "dingdian", "a township's key project on its day"),
    ("2022-01-10", "depts-relevant", "the yearly report on its day"),
    ("2022-03-31", "eco-env", "the campaign's closing report"),
];

#[test]
fn two_dozen_letters_read_as_their_recipients_read_them() {
    let declared = schedules::embedded().declared.unwrap();
    let day = |text: &str| text.parse().unwrap();
    let drafts = report::preview::preview(&declared, day("2021-05-24"), day("2022-04-10"));
    for (day, unit, what) in PINNED {
        let draft = drafts.iter().find(|draft| {
            draft.day.to_string() == *day && matches!(&draft.to, Recipient::Unit(to) if to.as_str() == *unit)
        });
        let draft = draft.unwrap_or_else(|| panic!("no letter to {unit} on {day}: {what}"));
        insta::assert_snapshot!(format!("{day}-{unit}"), format!("[{what}]\n{}", shown(draft)));
    }
}
