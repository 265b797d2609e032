//! A 反馈表 that comes back by mail, and what the office records for a unit (代录): proposed, looked at, recorded.

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::PathBuf;
use std::process::Output;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use calamine::{Data, Reader as _, Xlsx};
use duban::domain::{State, Via};
use mail_parser::{MessageParser, MimeHeaders as _};
use rust_xlsxwriter::Workbook;

use crate::page_browser::assignment;
use crate::process::program;
use crate::support::TestDaemon;

const UNIT: &str = "eco-env";
const CLEANING: &str = "干洗店摸底和挥发性有机物治理";
const CITY: &str = "完善县城精细化管理方案";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

/// Columns of the form.
const REPLY: usize = 3;
const DONE_ON: usize = 4;
const ACCOUNT: usize = 5;
const PROBLEM: usize = 6;
const UNTIL: usize = 7;
const NAMES: usize = 8;

async fn daemon() -> TestDaemon {
    let mut daemon = TestDaemon::at("2021-06-22T01:00:00Z").await;
    daemon.go_to("2021-06-23T01:00:00Z").await;
    daemon
}

/// A workbook's cells, as a person sees and fills them.
struct Form {
    message_id: String,
    cells: Vec<Vec<String>>,
}

impl Form {
    /// As it came with the unit's letter of the day.
    fn of(daemon: &TestDaemon, unit: &str) -> Self {
        let letters = daemon.letters();
        let letter =
            letters.iter().rfind(|letter| letter.to.unit().is_some_and(|to| to.as_str() == unit)).unwrap();
        let message = MessageParser::default().parse(&letter.bytes).unwrap();
        let file = message.attachments().find(|file| file.attachment_name() == Some("反馈表.xlsx")).unwrap();
        let mut book = Xlsx::new(Cursor::new(file.contents().to_vec())).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let shown = |cell: &Data| cell.to_string();
        let cells = sheet.rows().map(|row| row.iter().map(shown).collect()).collect();
        Self { message_id: message.message_id().unwrap().to_owned(), cells }
    }

    fn row(&mut self, matter: &str) -> &mut Vec<String> {
        self.cells.iter_mut().find(|row| row[1].contains(matter)).unwrap_or_else(|| panic!("no {matter}"))
    }

    fn fill(&mut self, matter: &str, cells: &[(usize, &str)]) -> u32 {
        let row = self.row(matter);
        for (column, text) in cells {
            (*text).clone_into(&mut row[*column]);
        }
        row[0].parse().unwrap()
    }

    /// As a spreadsheet program saves it.
    fn saved(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, cells) in (0..).zip(&self.cells) {
            for (column, text) in (0..).zip(cells) {
                sheet.write_string(row, column, text).unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    }

    /// A reply with it and other files.
    fn reply(&self, from: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
        let form = self.saved();
        reply(from, &self.message_id, &[&[("反馈表.xlsx", form.as_slice())], files].concat())
    }
}

fn reply(from: &str, to: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut text = format!(
        "From: <{from}>\nDate: Wed, 23 Jun 2021 16:00:00 +0800\nIn-Reply-To: <{to}>\nSubject: Re\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n反馈见附件。\n"
    );
    for (name, bytes) in files {
        let name = format!("=?utf-8?B?{}?=", STANDARD.encode(name));
        let body = STANDARD.encode(bytes);
        write!(
            text,
            "--b\nContent-Type: application/octet-stream; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{body}\n"
        )
        .unwrap();
    }
    text.push_str("--b--\n");
    text.replace('\n', "\r\n").into_bytes()
}

/// The shipped program beside the daemon.
fn duban(daemon: &TestDaemon, args: &[&str]) -> Output {
    let data = daemon.home.path().join("data");
    program(daemon.home.path()).args(args).arg("--data").arg(data).output().unwrap()
}

/// What it says, where it succeeds.
fn done(daemon: &TestDaemon, args: &[&str]) -> String {
    let output = duban(daemon, args);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Takes the message in; its event as `intake list` shows it.
fn take_in(daemon: &TestDaemon, message: &[u8]) -> String {
    let path = daemon.home.path().join("reply.eml");
    fs::write(&path, message).unwrap();
    done(daemon, &["intake", path.to_str().unwrap()]);
    head(daemon).to_string()
}

fn head(daemon: &TestDaemon) -> u64 {
    daemon.running().planner().ledger().read().head()
}

fn write(daemon: &TestDaemon, name: &str, bytes: &[u8]) -> PathBuf {
    let path = daemon.home.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_back_is_shown_row_by_row_and_recorded_by_one_command_once() {
    let daemon = daemon().await;
    let mut form = Form::of(&daemon, UNIT);
    let number = form
        .fill(CLEANING, &[(REPLY, "已完成"), (DONE_ON, "6月21日"), (ACCOUNT, "12家干洗店已全部更换设备")]);
    form.fill(
        CITY,
        &[(REPLY, "申请延期"), (ACCOUNT, "初稿已成"), (PROBLEM, "征求意见未完"), (UNTIL, "2021.7.15")],
    );
    let name = format!("{number}-验收记录.pdf");
    let event = take_in(&daemon, &form.reply("eco-env@duban.example", &[(&name, PDF)]));

    let before = head(&daemon);
    assert!(done(&daemon, &["intake", "list"]).contains("反馈表 2项"));
    let shown = done(&daemon, &["intake", "show", &event]);
    for words in ["the unit's mailbox", "2 rows filled in", CLEANING, "can be recorded", &name, "2021-07-15"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert_eq!(head(&daemon), before, "showing records nothing");
    assert_eq!(assignment(&daemon, UNIT, CLEANING).state, State::Notified);

    let told = done(&daemon, &["intake", "record", &event]);
    assert!(told.contains("R2021-0623-01: 2 matters, 1 file"), "{told}");
    daemon.settle().await;
    let cleaning = assignment(&daemon, UNIT, CLEANING);
    let record = cleaning.record.unwrap();
    assert_eq!((cleaning.state, record.claims.len()), (State::Claimed, 1));
    assert_eq!(record.receipt.unwrap().via, Via::Mail);
    assert_eq!(record.evidence[0].evidence.name, name);
    let city = assignment(&daemon, UNIT, CITY).record.unwrap();
    assert_eq!(city.extension.unwrap().new_deadline.to_string(), "2021-07-15");
    let receipt = daemon.letters().pop().unwrap();
    let receipt = duban::letter::plain(&String::from_utf8_lossy(&receipt.bytes)).unwrap().text;
    assert!(receipt.contains("R2021-0623-01") && receipt.contains(CLEANING), "{receipt}");

    let after = head(&daemon);
    let again = duban(&daemon, &["intake", "record", &event]);
    assert!(!again.status.success() && said(&again).contains("R2021-0623-01"), "{}", said(&again));
    assert_eq!(head(&daemon), after, "the same form again changes nothing");
    assert!(!done(&daemon, &["intake", "list"]).contains("反馈表 2项"), "it is handled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_not_understood_is_told_and_keeps_the_others_back_until_a_person_says_so() {
    let daemon = daemon().await;
    let mut form = Form::of(&daemon, UNIT);
    form.fill(CLEANING, &[(REPLY, "已完成"), (DONE_ON, "月底"), (ACCOUNT, "已完成")]);
    form.fill(CITY, &[(REPLY, "推进中"), (ACCOUNT, "初稿已成")]);
    let event =
        take_in(&daemon, &form.reply("eco-env@duban.example", &[("验收.pdf", PDF), ("run.exe", b"MZ\x90")]));
    let shown = done(&daemon, &["intake", "show", &event]);
    assert!(shown.contains("`月底` is no date") && shown.contains("no kind that is taken"), "{shown}");
    let before = head(&daemon);
    let refused = duban(&daemon, &["intake", "record", &event]);
    assert!(
        !refused.status.success() && said(&refused).contains("nothing was recorded"),
        "{}",
        said(&refused)
    );
    assert!(said(&refused).contains("--skip-refused"), "{}", said(&refused));
    assert_eq!(head(&daemon), before);

    let part = duban(&daemon, &["intake", "record", &event, "--skip-refused"]);
    assert!(said(&part).contains("1 matter"), "{}", said(&part));
    assert!(said(&part).contains("left out"), "{}", said(&part));
    daemon.settle().await;
    assert_eq!(assignment(&daemon, UNIT, CLEANING).state, State::Notified);
    assert_eq!(assignment(&daemon, UNIT, CITY).record.unwrap().progress.unwrap().text, "初稿已成");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_form_and_a_row_of_another_unit_are_told_before_anything_is_recorded() {
    let daemon = daemon().await;
    let mut form = Form::of(&daemon, UNIT);
    form.fill(CLEANING, &[(REPLY, "已完成"), (DONE_ON, "2021-06-21"), (ACCOUNT, "已完成")]);
    let others = form.row(CLEANING)[NAMES].replace("/eco-env", "/housing");
    form.row(CLEANING)[NAMES] = others;
    let event = take_in(&daemon, &form.reply("mallory@elsewhere.example", &[]));
    let shown = done(&daemon, &["intake", "show", &event]);
    assert!(shown.contains("not the unit's mailbox"), "{shown}");
    assert!(!shown.contains("can be recorded"), "{shown}");
    let before = head(&daemon);
    assert!(!duban(&daemon, &["intake", "record", &event]).status.success());
    assert_eq!(head(&daemon), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_cannot_be_read_is_said_to_be_so_with_what_helps() {
    let daemon = daemon().await;
    let message_id = Form::of(&daemon, UNIT).message_id;
    // A zip that says to unpack to much more than any form.
    let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let deflated =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    bomb.start_file("xl/workbook.xml", deflated).unwrap();
    for _ in 0..200 {
        bomb.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    let bomb = bomb.finish().unwrap().into_inner();
    for (name, bytes) in
        [("反馈表.xlsx", bomb.as_slice()), ("反馈表.xlsx", b"PK\x03\x04 cut"), ("反馈表.xls", b"")]
    {
        let message = reply("eco-env@duban.example", &message_id, &[(name, bytes), ("x.txt", &[b'x'; 3])]);
        let message = [format!("X-Turn: {name} {}\r\n", bytes.len()).into_bytes(), message].concat();
        let event = take_in(&daemon, &message);
        let shown = done(&daemon, &["intake", "show", &event]);
        assert!(shown.contains(name), "{shown}");
        let before = head(&daemon);
        let refused = duban(&daemon, &["intake", "record", &event]);
        assert!(!refused.status.success(), "{name}: {}", said(&refused));
        assert_eq!(head(&daemon), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_recorded_on_behalf_with_its_minutes_and_stays_marked_so() {
    let daemon = daemon().await;
    let task = assignment(&daemon, UNIT, CLEANING).occurrence.task.to_string();
    let scan = write(&daemon, "电话记录.pdf", PDF);
    let photo = write(&daemon, "现场.txt", "已查12家".as_bytes());
    let before = head(&daemon);
    let way = duban(&daemon, &["task", "record", &task, "--done", "2021-06-21", "--text", "已完成"]);
    assert!(said(&way).contains("--via"), "{}", said(&way));
    let page = write(&daemon, "page.html", b"<html><script>");
    let bad = duban(
        &daemon,
        &["task", "record", &task, "--via", "phone", "--unchanged", "--scan", page.to_str().unwrap()],
    );
    assert!(!bad.status.success() && said(&bad).contains("no kind that is taken"), "{}", said(&bad));
    assert_eq!(head(&daemon), before);

    let args = [
        "task",
        "record",
        &task,
        "--via",
        "phone",
        "--done",
        "2021-06-21",
        "--text",
        "12家已全部更换",
        "--said-on",
        "2021-06-22",
        "--scan",
        scan.to_str().unwrap(),
        "--evidence",
        photo.to_str().unwrap(),
        "--name",
        "王建国",
        "--phone",
        "0356-4228888",
    ];
    let told = done(&daemon, &args);
    assert!(told.contains("the receipt goes to its mailbox"), "{told}");
    daemon.settle().await;
    let one = assignment(&daemon, UNIT, CLEANING);
    let record = one.record.unwrap();
    assert_eq!((one.state, record.receipt.as_ref().unwrap().via), (State::Claimed, Via::Phone));
    let waiting = done(&daemon, &["task", "waiting"]);
    for words in [CLEANING, "claim: done 2021-06-21", "2021-06-30", "12家已全部更换"] {
        assert!(waiting.contains(words), "{words}: {waiting}");
    }
    let status = done(&daemon, &["status"]);
    assert!(status.contains("1 waiting for the office: `duban task waiting`"), "{status}");
    let ledger = daemon.running().planner().ledger().read();
    let form = &ledger.handed_in()[0];
    let kept = daemon.config().data.join("evidence").join(form.submission.scan.unwrap().to_string());
    assert_eq!(fs::read(kept).unwrap(), PDF);
    drop(ledger);
    // Once more, as after a lost answer: a claim waits already.
    let again = duban(&daemon, &args);
    assert!(!again.status.success(), "{}", said(&again));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_form_in_one_message_is_told_and_not_lost_in_silence() {
    let daemon = daemon().await;
    let (mut form, mut second) = (Form::of(&daemon, UNIT), Form::of(&daemon, UNIT));
    let blank = form.saved();
    form.fill(CLEANING, &[(REPLY, "推进中"), (ACCOUNT, "已查12家")]);
    second.fill(CITY, &[(REPLY, "推进中"), (ACCOUNT, "初稿已成")]);
    let (same, second) = (form.saved(), second.saved());
    let files: [(&str, &[u8]); 3] =
        [("反馈表(1).xlsx", &second), ("空白反馈表.xlsx", &blank), ("同一反馈表.xlsx", &same)];
    let event = take_in(&daemon, &form.reply("eco-env@duban.example", &files));
    assert!(done(&daemon, &["intake", "list"]).contains("另有1份"));
    let shown = done(&daemon, &["intake", "show", &event]);
    assert!(shown.contains("反馈表(1).xlsx") && shown.contains("further"), "{shown}");
    assert!(
        !shown.contains("空白") && !shown.contains("同一"),
        "what says nothing more is passed by: {shown}"
    );
    let recorded = duban(&daemon, &["intake", "record", &event]);
    let told = said(&recorded);
    assert!(told.contains("1 matter") && told.contains("left out: 反馈表(1).xlsx"), "{told}");
    assert!(!recorded.status.success(), "it ends with findings");
    assert!(done(&daemon, &["intake", "list"]).contains("另有1份"), "it stays to be handled");
    assert!(assignment(&daemon, UNIT, CITY).record.is_none_or(|record| record.progress.is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_answered_twice_in_one_form_is_recorded_once() {
    let daemon = daemon().await;
    let mut form = Form::of(&daemon, UNIT);
    let first = form.fill(CLEANING, &[(REPLY, "推进中"), (ACCOUNT, "已查12家")]);
    let name = form.row(CLEANING)[NAMES].clone();
    form.fill(CITY, &[(REPLY, "推进中"), (ACCOUNT, "已查13家"), (NAMES, &name)]);
    let other: u32 = form.row(CITY)[0].parse().unwrap();
    let event = take_in(&daemon, &form.reply("eco-env@duban.example", &[]));
    let refused = duban(&daemon, &["intake", "record", &event]);
    let why = format!("answered in row {} already", first.min(other));
    assert!(!refused.status.success() && said(&refused).contains(&why), "{}", said(&refused));
    let told = said(&duban(&daemon, &["intake", "record", &event, "--skip-refused"]));
    assert!(told.contains("1 matter"), "{told}");
    assert!(assignment(&daemon, UNIT, CLEANING).record.unwrap().progress.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_one_number_are_recorded_each_by_its_matter() {
    let daemon = daemon().await;
    let mut form = Form::of(&daemon, UNIT);
    let task = assignment(&daemon, UNIT, CITY).occurrence.task.to_string();
    let claim = ["--done", "2021-06-21", "--text", "已印发", "--said-on", "2021-06-22"];
    done(&daemon, &[["task", "record", &task, "--via", "phone"].as_slice(), &claim].concat());
    let number = form.fill(CLEANING, &[(REPLY, "推进中"), (ACCOUNT, "已查12家")]).to_string();
    form.fill(CITY, &[(REPLY, "已完成"), (DONE_ON, "2021-06-22"), (ACCOUNT, "已印发"), (0, &number)]);
    let event = take_in(&daemon, &form.reply("eco-env@duban.example", &[]));
    let told = said(&duban(&daemon, &["intake", "record", &event, "--skip-refused"]));
    assert!(told.contains("1 matter"), "a claim of the other waits: {told}");

    done(&daemon, &["task", "return", &task, "--reason", "材料不全"]);
    assert_ne!(assignment(&daemon, UNIT, CITY).state, State::Claimed);
    let told = done(&daemon, &["intake", "record", &event]);
    assert!(told.contains("1 matter"), "{told}");
    assert_eq!(assignment(&daemon, UNIT, CITY).state, State::Claimed, "what is said to be recorded is");
}
