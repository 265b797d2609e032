//! The ways to answer: the link, whose signature no archive holds, and the form, which can be read back.

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use mail_parser::{MessageParser, MimeHeaders as _};

use super::gallery::gallery;
use super::{written, written_with};
use crate::domain::Draft;
use crate::letter::as_sent;
use crate::link::{KEY_BYTES, Link, LinkKey, Links};

const ADDRESS: &str = "eco-env@duban.example";

fn links() -> Links {
    Links { key: LinkKey::new([7; KEY_BYTES]), ..Links::rehearsed() }
}

fn of(name: &str) -> Draft {
    gallery().into_iter().find(|(known, _)| *known == name).unwrap().1
}

/// The addresses in a text, each to the end of its line or its mark.
fn addresses(text: &str) -> Vec<String> {
    let ends = |c: char| c.is_whitespace() || "<\"".contains(c);
    text.match_indices("https://").map(|(at, _)| text[at..].split(ends).next().unwrap().to_owned()).collect()
}

#[test]
fn a_letter_that_asks_shows_its_link_in_both_parts_and_the_link_opens() {
    let links = links();
    for (name, draft) in gallery() {
        let letter = written_with(&draft, Some(&links));
        let message = MessageParser::default().parse(&letter.mime).unwrap();
        let text = message.body_text(0).unwrap();
        let html = message.body_html(0).unwrap();
        // Who has nothing to fill in may still acknowledge.
        let asks = name.ends_with("_beside") || written(&draft).text.contains("《反馈表》");
        assert_eq!(addresses(&text).len(), usize::from(asks), "{name}");
        // Behind it and before it.
        assert_eq!(addresses(&html).len(), 2 * usize::from(asks), "{name}");
        for address in addresses(&text).into_iter().chain(addresses(&html)) {
            let token = address.strip_prefix("https://duban.example/u/").unwrap();
            let opened = links.key.open(token, draft.day).unwrap();
            let last_day = draft.day + chrono::TimeDelta::days(90);
            assert_eq!(opened, Link { letter: draft.letter, last_day }, "{name}");
        }
    }
}

#[test]
fn the_archive_and_the_key_give_every_byte_sent_and_the_archive_alone_opens_nothing() {
    let links = links();
    let other = LinkKey::new([8; KEY_BYTES]);
    let mut encodings = std::collections::BTreeSet::new();
    for (name, draft) in gallery() {
        let letter = written_with(&draft, Some(&links));
        let again = as_sent(&letter.archived, ADDRESS, Some((draft.letter, &links.key))).unwrap();
        assert_eq!(again, letter.mime, "{name}");
        let message = MessageParser::default().parse(&letter.archived).unwrap();
        for part in [message.body_text(0).unwrap(), message.body_html(0).unwrap()] {
            for address in addresses(&part) {
                let token = address.rsplit('/').next().unwrap();
                assert!(links.key.open(token, draft.day).is_err(), "{name}: {address}");
                assert!(address.ends_with("-************************"), "{name}: {address}");
            }
        }
        for part in &message.parts {
            encodings.extend(part.content_transfer_encoding().map(str::to_ascii_lowercase));
        }
        // Only the signature is put in: all else is the archived letter's.
        let unsigned = as_sent(&letter.archived, ADDRESS, None).unwrap();
        assert_eq!(unsigned.len(), letter.mime.len(), "{name}");
        let elsewhere = as_sent(&letter.archived, ADDRESS, Some((draft.letter, &other))).unwrap();
        assert_eq!(elsewhere == letter.mime, letter.mime == unsigned, "{name}");
    }
    assert!(encodings.contains("base64"), "{encodings:?}");
}

#[test]
fn a_letter_archived_before_there_were_links_goes_as_it_is() {
    for (name, draft) in gallery() {
        let letter = written(&draft);
        let sent = as_sent(&letter.archived, ADDRESS, Some((draft.letter, &links().key))).unwrap();
        assert_eq!(sent, letter.mime, "{name}");
    }
}

/// lettre takes whichever encoding is shorter: a letter mostly of ASCII has soft line breaks within its link.
#[test]
fn a_signature_is_put_in_across_soft_line_breaks() {
    let key = links().key;
    let letter = of("before").letter;
    let masked = "https://duban.example/u/2021-0623-07-20210921-************************";
    for (break_at, encoding) in [(30, "quoted-printable"), (60, "quoted-printable"), (70, "7bit")] {
        let (before, after) = masked.split_at(break_at);
        let fold = if encoding == "7bit" { "" } else { "=\r\n" };
        let message = format!(
            "X: y\r\nTo: unit-mailbox@archive.invalid\r\n\r\n--alternative-1\r\nContent-Transfer-Encoding: {encoding}\r\n\r\nx {before}{fold}{after} y\r\n--alternative-1--\r\n"
        );
        let sent = as_sent(message.as_bytes(), "a@b.example", Some((letter, &key))).unwrap();
        let sent = String::from_utf8(sent).unwrap().replace("=\r\n", "");
        let address = addresses(&sent).remove(0);
        let token = address.rsplit('/').next().unwrap();
        assert_eq!(key.open(token, letter.day).unwrap().letter, letter, "{sent}");
    }
}

#[test]
fn letters_with_a_link_read_as_the_office_writes() {
    for name in ["before", "township", "returned", "chased", "collection"] {
        let letter = written_with(&of(name), Some(&links()));
        insta::assert_snapshot!(format!("link_{name}"), format!("{}\n\n{}", letter.subject, letter.text));
    }
    let html = written_with(&of("before"), Some(&links())).html;
    assert_eq!(html.matches("<a href=\"https://duban.example/u/2021-0623-07-").count(), 1);
    assert_eq!(html.matches("<a ").count(), 1);
    for banned in ["<img", "<script", "<link", "<style", "src=", "url(", "background"] {
        assert!(!html.contains(banned), "{banned}");
    }
}

/// The form's visible cells, and the hidden column after `|`.
fn form(draft: &Draft) -> String {
    let letter = written(draft);
    let message = MessageParser::default().parse(&letter.mime).unwrap();
    let form = message.attachments().find(|part| part.attachment_name() == Some("反馈表.xlsx")).unwrap();
    let mut book = Xlsx::new(Cursor::new(form.contents().to_vec())).unwrap();
    assert_eq!(book.sheet_names(), ["反馈表"]);
    let range = book.worksheet_range("反馈表").unwrap();
    let rows = range.rows().map(|row| {
        let cells: Vec<String> = row.iter().map(|cell| cell.to_string().replace('\n', "⏎")).collect();
        cells.join(" | ").trim_end_matches([' ', '|']).to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_form_holds_a_row_for_each_matter_that_the_letter_asks_about() {
    for name in ["adoption", "mixed", "before", "township", "returned"] {
        insta::assert_snapshot!(format!("form_{name}"), form(&of(name)));
    }
}

#[test]
fn a_number_means_the_same_matter_in_the_letter_and_in_its_form() {
    for (name, draft) in gallery() {
        let text = written(&draft).text;
        let numbered = |line: &str| Some((line.split_once(". ")?.0.parse::<usize>().ok()?, line.to_owned()));
        let told: Vec<(usize, String)> = text.lines().filter_map(numbered).collect();
        let last = told.iter().map(|(number, _)| *number).max().unwrap_or(0);
        if !text.contains("反馈表") {
            continue;
        }
        for row in form(&draft).lines() {
            let cells: Vec<&str> = row.split(" | ").collect();
            let (Some(Ok(number)), Some(title)) =
                (cells.first().map(|cell| cell.parse::<usize>()), cells.get(1))
            else {
                continue;
            };
            let same = told.iter().any(|(other, line)| *other == number && line.contains(title));
            assert!(same || number > last, "{name}: {number} {title}\n{text}");
        }
    }
}

#[test]
fn who_has_nothing_to_fill_in_still_gets_a_link_and_no_form() {
    let letter = written_with(&of("due_beside"), Some(&links()));
    assert!(letter.text.contains("你单位无须单独填报，请配合落实。"), "{}", letter.text);
    assert_eq!(addresses(&letter.text).len(), 1, "{}", letter.text);
    assert!(!letter.text.contains("反馈表"), "{}", letter.text);
    let message = MessageParser::default().parse(&letter.mime).unwrap();
    assert_eq!(message.attachments().count(), 0);
}
