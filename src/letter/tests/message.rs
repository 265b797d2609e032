//! The message parsed back: headers, parts, attachment, sameness.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use mail_parser::{MessageParser, MimeHeaders as _, PartType};

use super::gallery::gallery;
use super::told::told;
use super::written;
use crate::domain::Body;
use crate::letter::{ARCHIVE_ADDRESS, LetterFault, as_sent};

#[test]
fn headers_are_those_of_an_automatic_letter() {
    for (name, draft) in gallery() {
        let letter = written(&draft);
        let message = MessageParser::default().parse(&letter.mime).unwrap();
        assert_eq!(message.subject(), Some(letter.subject.as_str()), "{name}");
        let from = message.from().unwrap().first().unwrap();
        assert_eq!(
            (from.name(), from.address()),
            (Some("阳城县人民政府办公室"), Some("duban@duban.example"))
        );
        assert_eq!(message.reply_to().unwrap().first().unwrap().address(), Some("ducha@duban.example"));
        assert_eq!(message.to().unwrap().first().unwrap().address(), Some("eco-env@duban.example"));
        assert_eq!(message.date().unwrap().to_timestamp(), draft.dated.timestamp(), "{name}");
        assert!(message.message_id().unwrap().ends_with("@duban"));
        assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert_eq!(message.header_raw("X-Auto-Response-Suppress").map(str::trim), Some("All"));
    }
}

#[test]
fn a_letter_has_its_words_twice_a_form_where_it_asks_and_only_an_adoption_a_sheet() {
    for (name, draft) in gallery() {
        let letter = written(&draft);
        let message = MessageParser::default().parse(&letter.mime).unwrap();
        assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), letter.text, "{name}");
        assert_eq!(message.body_html(0).unwrap().replace("\r\n", "\n"), letter.html, "{name}");
        let attached: Vec<&str> = message.attachments().filter_map(|part| part.attachment_name()).collect();
        let silent = [
            "adoption_only_cooperates",
            "supervision",
            "leader",
            "page",
            "refused",
            "received",
            "waiting",
            "due_beside",
            "assigned_beside",
        ];
        let asks = !silent.contains(&name);
        let expected: Vec<&str> = [(asks, "反馈表.xlsx"), (draft.adoption().is_some(), "任务清单.xlsx")]
            .into_iter()
            .filter_map(|(there, name)| there.then_some(name))
            .collect();
        assert_eq!(attached, expected, "{name}");
    }
}

#[test]
fn every_line_fits_a_mail_server() {
    for (name, draft) in gallery() {
        let letter = written(&draft);
        assert!(letter.mime.is_ascii(), "{name}");
        for line in letter.mime.split(|byte| *byte == b'\n') {
            assert!(line.len() <= 998, "{name}");
        }
    }
}

#[test]
fn the_sheet_opens_and_holds_every_task() {
    let letter = written(&told());
    let message = MessageParser::default().parse(&letter.mime).unwrap();
    let sheet = message.attachment(1).unwrap();
    assert_eq!(sheet.attachment_name(), Some("任务清单.xlsx"));
    let PartType::Binary(bytes) = &sheet.body else { panic!("{:?}", sheet.body) };
    let mut book = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range("任务清单").unwrap();
    let rows: Vec<String> = range
        .rows()
        .map(|row| row.iter().map(|cell| cell.to_string().replace('\n', "⏎")).collect::<Vec<_>>().join(" | "))
        .collect();
    insta::assert_snapshot!("sheet", rows.join("\n"));
}

#[test]
fn a_formula_in_a_name_stays_text() {
    let mut draft = told();
    let Body::Adoption(told) = &mut draft.body else { panic!() };
    for row in &mut told.sheet {
        std::sync::Arc::make_mut(&mut row.task).title = "=HYPERLINK(\"http://x\",\"y\")".into();
    }
    let letter = written(&draft);
    let message = MessageParser::default().parse(&letter.mime).unwrap();
    let mut book = Xlsx::new(Cursor::new(message.attachment(1).unwrap().contents().to_vec())).unwrap();
    let cell = book.worksheet_range("任务清单").unwrap().get_value((1, 1)).cloned();
    assert_eq!(cell, Some(Data::String("=HYPERLINK(\"http://x\",\"y\")".into())));
    assert!(book.worksheet_formula("任务清单").unwrap().is_empty());
}

#[test]
fn the_same_draft_is_the_same_bytes() {
    for (name, draft) in gallery() {
        assert_eq!(written(&draft), written(&draft.clone()), "{name}");
    }
    // On another machine and another day too; only a changed template or library may change it.
    let digests: Vec<String> = gallery()
        .iter()
        .map(|(name, draft)| format!("{name} {}", crate::domain::Digest::of(&written(draft).mime).short(16)))
        .collect();
    insta::assert_snapshot!("digests", digests.join("\n"));
}

#[test]
fn the_archived_form_differs_only_in_its_addressee() {
    for (name, draft) in gallery() {
        let letter = written(&draft);
        let archived = String::from_utf8(letter.archived).unwrap();
        let sent = String::from_utf8(letter.mime).unwrap();
        assert!(!archived.contains("eco-env@duban.example"), "{name}");
        assert_eq!(archived.replace(ARCHIVE_ADDRESS, "eco-env@duban.example"), sent, "{name}");
    }
}

#[test]
fn a_letter_is_addressed_again_from_the_archive() {
    let name = "很长的单位名称".repeat(9);
    for addressee in ["eco-env", ARCHIVE_ADDRESS, name.as_str()] {
        let letter = written(&crate::domain::Draft { addressee: addressee.into(), ..told() });
        let address = format!("{}@duban.example", "a".repeat(60));
        let again = as_sent(&letter.archived, &address, None).unwrap();
        let message = MessageParser::default().parse(&again).unwrap();
        let to = message.to().unwrap().first().unwrap();
        assert_eq!((to.name(), to.address()), (Some(addressee), Some(address.as_str())));
        assert_eq!(as_sent(&letter.archived, "eco-env@duban.example", None).unwrap(), letter.mime);
    }
    assert!(matches!(as_sent(b"To: x\r\n\r\n", "a@b.example", None), Err(LetterFault::NotArchived)));
    let letter = written(&told());
    assert!(matches!(
        as_sent(&letter.archived, "分局@b.example", None),
        Err(LetterFault::AddressNotAscii(_))
    ));
}
