//! Messages as servers and people write them.

use super::*;
use crate::domain::Bounce;

const NAME: &str = "0123456789abcdef0123456789abcdef@duban";

fn message(head: &str, body: &str) -> Vec<u8> {
    format!("From: Wang <wang@housing.example>\nDate: Thu, 24 Jun 2021 10:00:00 +0800\n{head}\n\n{body}\n")
        .replace('\n', "\r\n")
        .into_bytes()
}

/// As postfix writes it (RFC 3464).
fn report(action: &str, status: &str) -> Vec<u8> {
    let head = "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"";
    let body = format!(
        "This is a MIME-encapsulated message.\n\n--b\nContent-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\nI'm sorry.\n\n--b\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\nX-Postfix-Queue-ID: 4F\n\nFinal-Recipient: rfc822; housing@county.example\nOriginal-Recipient: rfc822;housing@county.example\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 5.1.1 <housing@county.example>: Recipient address\n    rejected: User unknown\n\n--b\nContent-Description: Undelivered Message\nContent-Type: message/rfc822\n\nMessage-ID: <{NAME}>\nSubject: x\nFrom: duban@office.example\nDate: Thu, 24 Jun 2021 09:00:00 +0800\n\nx\n\n--b--"
    );
    message(head, &body)
}

#[test]
fn a_reply_names_the_letter_it_answers() {
    let head = format!("Subject: Re: x\nIn-Reply-To: <{NAME}>\nReferences: <first@duban> <{NAME}>");
    let read = read(&message(&head, "已完成")).unwrap();
    assert_eq!(read.kind, IncomingKind::Reply);
    assert_eq!(read.names, [NAME, NAME, "first@duban"]);
    assert_eq!(read.dated.unwrap().to_rfc3339(), "2021-06-24T02:00:00+00:00");
}

#[test]
fn a_reply_without_headers_of_the_thread_is_known_by_the_number_in_its_text() {
    let read =
        read(&message("Subject: Re", "已办结。\n> 编号：2021-0623-07。地址有误的,请回复告知")).unwrap();
    assert_eq!(read.numbers, ["2021-0623-07".parse().unwrap()]);
    let english = super::read(&message("Subject: Re", "> Ref 2021-0623-12")).unwrap();
    assert_eq!(english.numbers, ["2021-0623-12".parse().unwrap()]);
}

#[test]
fn a_delivery_report_is_a_bounce_where_it_is_final() {
    let failed = read(&report("failed", "5.1.1")).unwrap();
    let diagnostic = "550 5.1.1 <housing@county.example>: Recipient address rejected: User unknown";
    let bounce = |status: &str| {
        let failed = vec!["housing@county.example".to_owned(); 2];
        let (status, diagnostic) = (status.to_owned(), diagnostic.to_owned());
        IncomingKind::Bounce(Bounce { status, diagnostic, failed })
    };
    assert_eq!(failed.kind, bounce("5.1.1"));
    assert_eq!(failed.names, [NAME]);
    // Given up after days of trying: no second report follows.
    assert_eq!(read(&report("failed", "4.4.7")).unwrap().kind, bounce("4.4.7"));
    assert_eq!(read(&report("delayed", "4.4.1")).unwrap().kind, IncomingKind::Automatic);
    assert_eq!(read(&report("strange", "4.4.1")).unwrap().kind, IncomingKind::Unclear);
}

#[test]
fn the_headers_alone_of_the_letter_are_enough() {
    let text = String::from_utf8(report("failed", "5.1.1")).unwrap();
    let headers = text.replace("Content-Type: message/rfc822", "Content-Type: text/rfc822-headers");
    assert_eq!(read(headers.as_bytes()).unwrap().names, [NAME]);
}

#[test]
fn what_a_machine_wrote_is_no_reply() {
    let away = format!("Subject: 自动回复\nAuto-Submitted: auto-replied\nIn-Reply-To: <{NAME}>");
    assert_eq!(read(&message(&away, "外出")).unwrap().kind, IncomingKind::Automatic);
    let daemon = b"From: MAILER-DAEMON@qq.example\r\nSubject: x\r\n\r\nx".to_vec();
    assert_eq!(read(&daemon).unwrap().kind, IncomingKind::Unclear, "a person has to see what it means");
    let person = format!("Subject: x\nAuto-Submitted: no\nIn-Reply-To: <{NAME}>");
    assert_eq!(read(&message(&person, "好")).unwrap().kind, IncomingKind::Reply);
}

#[test]
fn what_is_no_mail_is_told() {
    assert_eq!(read(b""), Err(IntakeFault::NoMessage));
    assert_eq!(read(&[0xff; 4096]), Err(IntakeFault::NoMessage));
    assert_eq!(read(b"PK\x03\x04 a sheet"), Err(IntakeFault::NoMessage));
    assert!(matches!(read(&vec![b'x'; MESSAGE_BYTES_MAX + 1]), Err(IntakeFault::TooLarge(_))));
}

#[test]
fn no_bytes_make_it_panic() {
    let sound = report("failed", "5.1.1");
    for cut in 0..sound.len() {
        let _ = read(sound.get(..cut).unwrap_or_default());
        let mut flipped = sound.clone();
        if let Some(byte) = flipped.get_mut(cut) {
            *byte ^= 0x55;
        }
        let _ = read(&flipped);
        let _ = headline(&flipped);
    }
}

#[test]
fn messages_within_messages_without_end_are_refused_before_they_are_read() {
    let deep = "From: a@b\nContent-Type: message/rfc822\n\n".repeat(40_000);
    assert_eq!(read(deep.as_bytes()), Err(IntakeFault::TooDeep));
    assert_eq!(headline(deep.as_bytes()), ("a@b".to_owned(), String::new()));
}

/// Longer than any message may keep a reader busy; a test machine is slow.
const BUSY_MAX: std::time::Duration = std::time::Duration::from_mins(1);

#[test]
#[allow(clippy::disallowed_methods, reason = "how long it takes is what is promised")]
fn no_message_keeps_the_reader_busy() {
    let head = "From: a@b\r\nIn-Reply-To: <x@duban>\r\n";
    let filled = |unit: &str| unit.repeat(11 * 1024 * 1024 / unit.len());
    let parted = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    let no_part = "--b\nContent-Type:multipart/a;boundary=z\n\n";
    let numbered = (0..800_000).map(|n| format!("; n{n}*1=x")).collect::<Vec<_>>().concat();
    for (what, message) in [
        ("one parameter in pieces", format!("{head}Content-Type: text/plain{}\r\n\r\nx", filled("; n*1*=x"))),
        ("many parameters in pieces", format!("{head}Content-Type: text/plain{numbered}\r\n\r\nx")),
        ("parts that have none", format!("{head}{parted}{}", filled(no_part))),
    ] {
        let begun = std::time::Instant::now();
        let read = read(message.as_bytes()).unwrap();
        assert_eq!((read.kind, read.names), (IncomingKind::Reply, vec!["x@duban".to_owned()]), "{what}");
        let _ = headline(message.as_bytes());
        assert!(begun.elapsed() < BUSY_MAX, "{what}: {:?}", begun.elapsed());
    }
}

/// As a client encodes it, in lines.
fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    let lines: Vec<&str> =
        text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join("\n")
}

#[test]
fn messages_within_messages_hidden_by_base64_do_not_end_the_program() {
    let deep = "Content-Type: message/rfc822\n\n".repeat(100_000);
    let head = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64";
    let read = read(&message(head, &base64(deep.as_bytes()))).unwrap();
    assert_eq!((read.kind, read.names.len()), (IncomingKind::Reply, 0));
    let digests = "Content-Type:multipart/digest;boundary=b\n\n--b\n\n".repeat(100_000);
    super::read(&message("Subject: x", &digests)).unwrap();
    super::read(&message(digests.split_once("\n\n").unwrap().0, &digests)).unwrap();
}

#[test]
fn a_number_is_found_in_any_encoding_and_charset() {
    let number = ["2021-0623-07".parse().unwrap()];
    let text = "已办结。\n> 编号：2021-0623-07。";
    let encoded = |kind: &str, encoding: &str, body: &str| {
        message(&format!("Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}"), body)
    };
    let gbk = b"\xb1\xe0\xba\xc5\xa3\xba2021-0623-07";
    let quoted = text.bytes().map(|byte| format!("={byte:02X}")).collect::<Vec<_>>().concat();
    for bytes in [
        encoded("text/plain; charset=utf-8", "base64", &base64(text.as_bytes())),
        encoded("text/plain; charset=gb2312", "Base64", &base64(gbk)),
        encoded("text/plain; charset=utf-8", "quoted-printable", &quoted),
        encoded("text/html; charset=utf-8", "base64", &base64(format!("<p>{text}</p>").as_bytes())),
    ] {
        assert_eq!(read(&bytes).unwrap().numbers, number, "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_report_is_understood_however_large_what_it_encloses_and_however_encoded() {
    let text = String::from_utf8(report("failed", "5.1.1")).unwrap();
    let large = text.replace("\r\n\r\nx\r\n", &format!("\r\n\r\n{}\r\n", "x".repeat(2 * READ_BYTES_MAX)));
    let read_large = read(large.as_bytes()).unwrap();
    assert!(matches!(read_large.kind, IncomingKind::Bounce(_)), "{read_large:?}");
    assert_eq!(read_large.names, [NAME]);
    let enclosed = base64(format!("Message-ID: <{NAME}>\r\nSubject: x\r\n\r\nx\r\n").as_bytes());
    let (before, _) = text.split_once("Content-Type: message/rfc822").unwrap();
    let encoded = format!(
        "{before}Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{enclosed}\r\n--b--\r\n"
    );
    assert_eq!(read(encoded.as_bytes()).unwrap().names, [NAME]);
}

#[test]
fn a_headline_says_nothing_to_a_terminal() {
    let (_, subject) = headline(&message("Subject: \u{1b}[2Jhi", "x"));
    assert_eq!(subject, "[2Jhi");
    let (_, subject) =
        headline(&message("Subject: 反馈\u{202E}elif\u{2066}\u{200B}\u{61C}\u{FEFF}\u{2028}表", "x"));
    assert_eq!(subject, "反馈elif表", "nor does it turn or hide what it shows");
}

#[test]
fn why_nothing_is_read_is_told_in_chinese_too() {
    use crate::locale::{Language, is_chinese, told};
    use crate::words::form::Column;

    let faults = [IntakeFault::NoMessage, IntakeFault::TooDeep, IntakeFault::TooLarge(7)];
    let rows = [
        Misread::NoReply,
        Misread::OddReply("甲".to_owned()),
        Misread::Empty(Column::DoneOn),
        Misread::OddDay { column: Column::DoneOn, text: "甲".to_owned() },
        Misread::Formula(Column::DoneOn),
        Misread::NoMatter,
    ];
    let said = faults.iter().map(IntakeFault::message).chain(rows.iter().map(Misread::message));
    said.for_each(|said| is_chinese(&told(Language::Chinese, &said)));
    assert_eq!(rows[3].to_string(), "完成日期 `甲` is no date, as 2021-6-25");
    assert_eq!(told(Language::Chinese, &rows[3].message()), "完成日期“甲”不是日期，应写作2021-6-25");
}
