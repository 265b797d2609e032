//! Letters as their recipients read them, and as mail programs do.

mod gallery;
mod matters;
mod message;
mod told;
mod ways;

use gallery::gallery;
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::domain::Draft;

pub fn written(draft: &Draft) -> Letter {
    written_with(draft, None)
}

pub fn written_with(draft: &Draft, links: Option<&Links>) -> Letter {
    let templates = Templates::embedded().unwrap();
    let identity = Identity {
        message_id: message_id(Uuid::nil(), &draft.to, &draft.letter.to_string()),
        address: "eco-env@duban.example".into(),
        templates: &templates,
        links,
    };
    compose(draft, &identity).unwrap()
}

#[test]
fn letters_read_as_the_office_writes() {
    for (name, draft) in gallery() {
        let letter = written(&draft);
        insta::assert_snapshot!(name, format!("{}\n\n{}", letter.subject, letter.text));
    }
}

#[test]
fn html_is_plain_tables_without_anything_fetched() {
    let (_, draft) = gallery().into_iter().find(|(name, _)| *name == "before").unwrap();
    insta::assert_snapshot!("before_html", written(&draft).html);
    for (name, draft) in gallery() {
        let html = written(&draft).html.to_lowercase();
        for banned in
            ["<img", "<script", "<link", "<style", "<a ", "href", "src=", "url(", "http", "background"]
        {
            assert!(!html.contains(banned), "{name} has {banned}");
        }
    }
}

#[test]
fn both_parts_say_the_same() {
    for (name, draft) in gallery() {
        let letter = written(&draft);
        let html = letter.html.split_once("<body").unwrap().1;
        let mut bare = String::new();
        for piece in html.split('<').skip(1) {
            bare.push_str(piece.split_once('>').unwrap().1);
        }
        let squeezed = |text: &str| -> String {
            text.chars().filter(|c| !c.is_whitespace() && !"【】（）().。；".contains(*c)).collect()
        };
        let (html, text) = (squeezed(&bare), squeezed(&letter.text));
        assert_eq!(html, text, "{name}");
    }
}

#[test]
fn no_subject_is_longer_than_forty_chinese_characters() {
    let long = "十分冗长而无论如何也放不进邮件主题里去的任务名称反复写了又写写了又写直到写满为止";
    for (name, mut draft) in gallery() {
        let letter = written(&draft);
        assert!(letter.subject.width() <= subject::SUBJECT_COLUMNS_MAX, "{name}: {}", letter.subject);
        for item in &mut draft.items {
            if let Some(task) = &mut item.task {
                std::sync::Arc::make_mut(task).title = long.into();
            }
        }
        let subject = written(&draft).subject;
        assert!(subject.width() <= subject::SUBJECT_COLUMNS_MAX, "{name}: {subject}");
        assert!(!subject.contains("十分冗长") || subject.contains(long), "{name} is cut inside: {subject}");
    }
}

#[test]
fn names_can_break_neither_headers_nor_html() {
    let evil = "甲\r\nBcc: spy@example.com\r\n\r\n<script>alert(1)</script>\"&'\u{202E}\0";
    for (name, mut draft) in gallery() {
        draft.addressee = evil.into();
        if let Body::Act(words) | Body::Returned { reason: words, .. } = &mut draft.body {
            *words = Some(evil.into());
        }
        let office = std::sync::Arc::make_mut(&mut draft.office);
        office.name = evil.into();
        office.contact = evil.into();
        office.phone = evil.into();
        for item in &mut draft.items {
            item.unit_name = evil.into();
            item.leads = vec![evil.into(), evil.into()];
            item.cooperates = vec![evil.into()];
            if let Some(task) = &mut item.task {
                std::sync::Arc::make_mut(task).title = evil.into();
            }
            std::sync::Arc::make_mut(&mut item.plan).short = evil.into();
        }
        let letter = written(&draft);
        assert!(!letter.html.contains("<script"), "{name}");
        assert!(!letter.html.contains('\u{202E}') && !letter.text.contains('\u{202E}'), "{name}");
        assert!(!letter.subject.contains(['\r', '\n', '\0']), "{name}");
        let message = mail_parser::MessageParser::default().parse(&letter.mime).unwrap();
        assert!(message.bcc().is_none(), "{name}");
        assert_eq!(message.from().unwrap().iter().count(), 1, "{name}");
        assert_eq!(message.to().unwrap().first().unwrap().address(), Some("eco-env@duban.example"), "{name}");
        let head = String::from_utf8(letter.mime.clone()).unwrap();
        let head = head.split("\r\n\r\n").next().unwrap();
        assert!(!head.to_lowercase().contains("\nbcc:"), "{name}: {head}");
    }
}

#[test]
fn an_unusable_identity_is_refused() {
    let templates = Templates::embedded().unwrap();
    let (_, draft) = gallery().pop().unwrap();
    let with = |message_id: &str, address: &str| {
        compose(
            &draft,
            &Identity {
                message_id: message_id.into(),
                address: address.into(),
                templates: &templates,
                links: None,
            },
        )
    };
    assert!(with("a@duban", "eco-env@duban.example").is_ok());
    assert!(matches!(with("a@duban", "eco-env"), Err(LetterFault::Address { .. })));
    assert!(matches!(with("a@duban", "a@b.example\r\nBcc: c@d.example"), Err(LetterFault::Address { .. })));
    for id in ["", "a", "a@", "<a@duban>", "a\r\nX: y@duban"] {
        assert!(matches!(with(id, "eco-env@duban.example"), Err(LetterFault::MessageId(_))), "{id}");
    }
    let draft = Draft { dated: DateTime::<Utc>::MIN_UTC, ..draft };
    let identity = Identity {
        message_id: "a@duban".into(),
        address: "a@b.example".into(),
        templates: &templates,
        links: None,
    };
    assert!(matches!(compose(&draft, &identity), Err(LetterFault::Date(_))));
}

/// This recipe is for ever: a changed id would send every open letter twice.
#[test]
fn the_message_id_follows_from_journal_recipient_and_letter() {
    let journal = Uuid::from_u128(0x0189_0a5d_ac96_774b_bcce_b302_099a_8057);
    let unit = Recipient::Unit("eco-env".parse().unwrap());
    let leader = Recipient::LeaderOf("eco-env".parse().unwrap());
    insta::assert_snapshot!(message_id(journal, &unit, "2021-0623-07"), @"d38c82cfed9d796d7b2acf424088f0c9@duban");
    insta::assert_snapshot!(message_id(journal, &leader, "2021-0623-07"), @"1aba50ccaca3e7acea730ad5a03c466a@duban");
    assert_ne!(message_id(Uuid::nil(), &unit, "2021-0623-07"), message_id(journal, &unit, "2021-0623-07"));
}
