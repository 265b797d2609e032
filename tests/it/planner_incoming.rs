//! Mail that comes in is kept with what it answers, and changes the state of nothing.

use duban::domain::command::Command;
use duban::domain::{Actor, LetterProgress, Outcome, ReceivedKind, Via};
use duban::intake;
use duban::journal::Faults;
use duban::planner::{Answer, Input};

use crate::planner_world::{World, letter};

/// Hands a message over; the position under which it is kept.
fn take_in(world: &mut World, message: &str) -> u64 {
    let message = message.replace('\n', "\r\n").into_bytes();
    let incoming = intake::read(&message).unwrap();
    let by = Actor { kind: duban::domain::ActorKind::Admin, name: "wang".to_owned(), via: Via::Cli };
    let answer = world.give(Input::Incoming { incoming, message, by });
    let Answer::Done { position } = answer else { panic!("{answer:?}") };
    position
}

/// The Message-ID of the unit's last letter.
fn name(world: &World) -> String {
    world.sent.last().unwrap().message_id.clone()
}

fn reply(to: &str) -> String {
    format!(
        "From: li@a.example\nDate: Mon, 24 May 2021 15:00:00 +0800\nIn-Reply-To: <{to}>\nSubject: Re\n\n已完成\n"
    )
}

/// Of a letter to the unit's first mailbox.
fn bounce(of: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@duban.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <{of}>\nSubject: x\n\nx\n--b--\n"
    )
}

#[test]
fn a_reply_is_kept_with_its_letter_and_the_matter_stays_as_it_is() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let answer = reply(&name(&world));
    world.set("2021-05-26 10:00");
    take_in(&mut world, &answer);
    let ledger = world.planner().ledger();
    let kept: Vec<_> =
        ledger.read().received().map(|kept| (kept.letter, kept.kind, kept.taken_on.to_string())).collect();
    assert_eq!(kept, [(Some(letter("2021-0524-01")), ReceivedKind::Reply, "2021-05-26".to_owned())]);
    let recorded = world.planner().journal().read(0).map(Result::unwrap).last().unwrap();
    assert_eq!(recorded.occurred_on.map(|day| day.to_string()), Some("2021-05-24".to_owned()));
    world.days_until("2021-06-23");
    assert_eq!(world.letters_on("2021-06-23"), ["a: x/once lead-7d"]);
    world.check();
}

#[test]
fn a_message_fetched_in_two_ways_is_kept_once_whatever_its_line_ends() {
    let by =
        || Actor { kind: duban::domain::ActorKind::System, name: "mailbox".to_owned(), via: Via::System };
    let give = |world: &mut World, bytes: &[u8]| {
        let incoming = intake::read(bytes).unwrap();
        world.give(Input::Incoming { incoming, message: bytes.to_vec(), by: by() })
    };
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let one = reply(&name(&world));
    let other = one.replace("已完成", "已办结");
    let crlf = |text: &str| text.replace('\n', "\r\n");
    // A Maildir has LF, IMAP gives CRLF.
    let first = give(&mut world, one.as_bytes());
    assert_eq!(give(&mut world, crlf(&one).as_bytes()), first);
    let second = give(&mut world, crlf(&other).as_bytes());
    assert_eq!(give(&mut world, other.as_bytes()), second);
    assert_ne!(first, second);
    assert_eq!(world.planner().ledger().read().received().count(), 2);
    world.check();
}

#[test]
fn the_same_message_twice_is_kept_once() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let answer = reply(&name(&world));
    let first = take_in(&mut world, &answer);
    world.crash();
    assert_eq!(take_in(&mut world, &answer), first);
    assert_eq!(world.planner().ledger().read().received().count(), 1);
    world.check();
}

#[test]
fn mail_that_answers_nothing_is_kept_all_the_same() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    take_in(&mut world, &reply("stranger@elsewhere"));
    let ledger = world.planner().ledger();
    assert_eq!(ledger.read().received().next().unwrap().letter, None);
    world.check();
}

#[test]
fn a_bounce_marks_the_mailbox_until_another_is_set() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let report = bounce(&name(&world));
    take_in(&mut world, &report);
    let ledger = world.planner().ledger();
    let progress = ledger.read().letter(letter("2021-0524-01")).unwrap().progress.clone();
    assert_eq!(progress, LetterProgress::Bounced { reply: "5.1.1 550 no such user".to_owned() });
    let bounced =
        |world: &mut World| world.planner().ledger().read().unit(&"a".parse().unwrap()).unwrap().bounced;
    assert_eq!(bounced(&mut world), Some(letter("2021-0524-01")));

    let unit = duban::domain::Unit { mailbox: Some("new@duban.example".to_owned()), ..world.unit("a") };
    world.done(Command::SetUnit { unit });
    assert_eq!(bounced(&mut world), None);
    world.check();
}

#[test]
fn a_letter_that_bounced_is_sent_again_to_the_corrected_mailbox_under_the_same_name() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let first = world.sent.last().unwrap().clone();
    take_in(&mut world, &bounce(&first.message_id));
    let unit = duban::domain::Unit { mailbox: Some("new@duban.example".to_owned()), ..world.unit("a") };
    world.done(Command::SetUnit { unit });
    let reason = "地址已更正".to_owned();
    world.done(Command::Resend { letter: letter("2021-0524-01"), reason });
    let second = world.sent.last().unwrap();
    assert_eq!((second.message_id.clone(), second.address.as_str()), (first.message_id, "new@duban.example"));
    let text = String::from_utf8_lossy(&second.bytes);
    assert!(text.contains("<new@duban.example>"), "{}", &text[..400]);
    world.check();
}

#[test]
fn a_late_bounce_of_a_letter_to_the_old_mailbox_does_not_mark_the_new_one() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let report = bounce(&name(&world));
    let unit = duban::domain::Unit { mailbox: Some("new@duban.example".to_owned()), ..world.unit("a") };
    world.done(Command::SetUnit { unit });
    take_in(&mut world, &report);
    assert_eq!(world.planner().ledger().read().unit(&"a".parse().unwrap()).unwrap().bounced, None);
    world.check();
}

#[test]
fn an_outcome_that_comes_after_the_bounce_is_no_resurrection() {
    let mut world = World::at("2021-05-24 09:00");
    world.outcomes.push_back(Outcome::Unknown("lost after the dot".to_owned()));
    world.declare(&[crate::planner_world::plan("x | a | by = 2021-06-30")]);
    let report = bounce(&name(&world));
    take_in(&mut world, &report);
    let sent = world.sent.len();
    world.days_until("2021-05-26");
    assert_eq!(world.sent.len(), sent, "what came back is not tried again by itself");
    world.check();
}

#[test]
fn a_forged_bounce_by_a_guessed_number_changes_no_letter() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    take_in(&mut world, &bounce("stranger@elsewhere").replace("Subject: x", "Subject: Ref 2021-0524-01"));
    let ledger = world.planner().ledger();
    let progress = ledger.read().letter(letter("2021-0524-01")).unwrap().progress.clone();
    assert!(matches!(progress, LetterProgress::Accepted { .. }), "{progress:?}");
    world.check();
}

#[test]
fn a_mailbox_that_no_letter_can_go_to_is_refused_at_the_door() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let long = format!("{}@gov.cn", "x".repeat(65));
    for bad in
        ["housing@gov.cn.", "a..b@gov.cn", "a.@gov.cn", "a@b@c.cn", "mailto:a@gov.cn", "a@gov.cn)", &long]
    {
        let unit = duban::domain::Unit { mailbox: Some(bad.to_owned()), ..world.unit("a") };
        let refusal = world.refused(Command::SetUnit { unit });
        assert!(refusal.to_string().contains("is no mailbox"), "{refusal}");
    }
    let good = duban::domain::Unit { mailbox: Some("a-b+c@mail.gov.cn".to_owned()), ..world.unit("a") };
    world.done(Command::SetUnit { unit: good });
    world.check();
}

#[test]
fn mail_that_would_fill_the_disk_is_refused_and_the_daemon_goes_on() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let answer = reply(&name(&world));
    world.disk.set_faults(Faults { space_bytes: Some(32 * 1024 * 1024), ..Faults::default() });
    let message = answer.clone().into_bytes();
    let by = Actor { kind: duban::domain::ActorKind::Admin, name: "wang".to_owned(), via: Via::Cli };
    let input = Input::Incoming { incoming: intake::read(&message).unwrap(), message, by };
    let Answer::Refused(refusal) = world.give(input) else { panic!("taken") };
    assert!(refusal.to_string().contains("no room for it"), "{refusal}");
    assert_eq!(world.planner().ledger().read().received().count(), 0);
    // Letters still go, and with room it is kept.
    world.days_until("2021-06-23");
    assert_eq!(world.letters_on("2021-06-23"), ["a: x/once lead-7d"]);
    world.disk.set_faults(Faults::default());
    take_in(&mut world, &answer);
    assert_eq!(world.planner().ledger().read().received().count(), 1);
    world.check();
}

fn unhandled(world: &mut World) -> Vec<u64> {
    let ledger = world.planner().ledger();
    let ledger = ledger.read();
    ledger.received().filter(|kept| ledger.is_unhandled(kept)).map(|kept| kept.position).collect()
}

#[test]
fn an_answer_waits_until_a_person_marks_it_as_handled_and_a_machines_never_does() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let name = name(&world);
    let answer = take_in(&mut world, &reply(&name));
    let machine =
        take_in(&mut world, &reply(&name).replace("Subject:", "Auto-Submitted: auto-replied\nSubject:"));
    assert_eq!(unhandled(&mut world), [answer]);
    world.set("2021-05-25 10:00");
    let done = |received| Command::HandleMail { received, remark: Some("已转业务科".to_owned()) };
    world.done(done(answer));
    world.done(done(machine));
    world.crash();
    assert_eq!(unhandled(&mut world), [0; 0]);
    let ledger = world.planner().ledger();
    let handled = ledger.read().received_at(answer).unwrap().handled.clone().unwrap();
    assert_eq!((handled.by.as_str(), handled.on.to_string().as_str()), ("admin", "2021-05-25"));
    assert_eq!(handled.remark.as_deref(), Some("已转业务科"));
    let again = world.refused(done(answer)).to_string();
    assert!(again.contains("was marked as handled by admin on 2021-05-25"), "{again}");
    let none = world.refused(done(1)).to_string();
    assert!(none.contains("no mail came in with event 1; `duban intake list`"), "{none}");
    assert!(world.letters_on("2021-06-23").is_empty());
    world.days_until("2021-06-23");
    assert_eq!(world.letters_on("2021-06-23"), ["a: x/once lead-7d"], "the matter stays as it is");
    world.check();
}

#[test]
fn a_mailbox_mended_at_its_own_end_loses_its_mark_and_gets_what_came_back() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let first = world.sent.last().unwrap().clone();
    let unit: duban::domain::UnitId = "a".parse().unwrap();
    let works = || Command::MailboxWorks { unit: unit.clone() };
    let none = world.refused(works()).to_string();
    assert!(none.contains("nothing is known against the mailbox of `a`"), "{none}");
    let report = take_in(&mut world, &bounce(&first.message_id));
    assert_eq!(unhandled(&mut world), [report]);

    world.done(works());
    world.crash();
    let bounced = world.planner().ledger().read().unit(&unit).unwrap().bounced;
    assert_eq!((bounced, unhandled(&mut world)), (None, vec![]));
    world.done(Command::Resend { letter: letter("2021-0524-01"), reason: "邮箱已修复".to_owned() });
    let second = world.sent.last().unwrap();
    assert_eq!((&second.message_id, &second.address), (&first.message_id, &first.address));
    world.check();
}

#[test]
fn a_mailbox_that_refused_for_good_and_was_mended_counts_as_working() {
    let mut world = World::at("2021-05-24 09:00");
    world.outcomes.push_back(Outcome::Refused("550 mailbox full".to_owned()));
    world.declare(&[crate::planner_world::plan("x | a | by = 2021-06-30")]);
    let ledger = world.planner().ledger();
    assert_eq!(ledger.read().refusing().count(), 1);
    world.done(Command::MailboxWorks { unit: "a".parse().unwrap() });
    assert_eq!(ledger.read().refusing().count(), 0);
    world.check();
}

#[test]
fn a_bounce_that_names_no_letter_or_spares_its_address_marks_nothing_and_waits_for_a_person() {
    let mut world = World::with("2021-05-24 09:00", "x | a | by = 2021-06-30");
    let sent = world.sent.last().unwrap().clone();
    let unit: duban::domain::UnitId = "a".parse().unwrap();
    let bounced = |world: &mut World| world.planner().ledger().read().unit(&unit).unwrap().bounced;
    // Anybody can guess a letter's number.
    let forged = bounce("0123@elsewhere").replace("\n\nx\n--b--", "\n\n编号：2021-0524-01\n--b--").replace(
        "\n--b\nContent-Type: message/delivery-status",
        "\n--b\nContent-Type: text/plain; charset=utf-8\n\n编号：2021-0524-01\n--b\nContent-Type: message/delivery-status",
    );
    let forged = take_in(&mut world, &forged);
    // It reached the unit, and not another whom the report names.
    let action = "Final-Recipient: rfc822; a@duban.example\nAction: failed\nStatus: 5.1.1";
    let other = "Final-Recipient: rfc822; other@b.example\nAction: failed\nStatus: 5.1.1";
    assert_eq!(sent.address, "a@duban.example");
    let reached = format!("Final-Recipient: rfc822; {}\nAction: delivered\nStatus: 2.0.0", sent.address);
    let spared = bounce(&sent.message_id).replace(action, &format!("{reached}\n\n{other}"));
    let spared = take_in(&mut world, &spared);
    // One that knows the letter's name and says that another was not reached, or nobody.
    let of_another = take_in(&mut world, &bounce(&sent.message_id).replace(action, other));
    let of_nobody =
        take_in(&mut world, &bounce(&sent.message_id).replace(action, "Action: failed\nStatus: 5.1.1"));
    assert_eq!(bounced(&mut world), None);
    assert_eq!(unhandled(&mut world), [forged, spared, of_another, of_nobody]);
    let ledger = world.planner().ledger();
    let kinds: Vec<_> = ledger.read().received().map(|kept| (kept.letter, kept.kind)).collect();
    assert_eq!(kinds, [(Some(letter("2021-0524-01")), ReceivedKind::Unclear); 4]);
    // The same report with the letter's own address, given up after days.
    let own = bounce(&sent.message_id).replace(
        action,
        &format!("Final-Recipient: rfc822; {}\nAction: failed\nStatus: 4.4.7", sent.address),
    );
    take_in(&mut world, &own);
    assert_eq!(bounced(&mut world), Some(letter("2021-0524-01")));
    world.check();
}
