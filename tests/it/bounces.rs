//! Delivery reports, receipts and automatic answers in the shapes that mail systems give them. The shapes are those of
//! the systems named, the words and addresses our own: a letter went to `housing@county.example` and came back.

#![expect(clippy::too_many_lines, reason = "they are tables")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use duban::domain::IncomingKind;
use duban::intake::read;
use encoding_rs::GB18030;

pub const NAME: &str = "0123456789abcdef0123456789abcdef@duban";
const COPY: &str =
    "Message-ID: <0123456789abcdef0123456789abcdef@duban>\nFrom: ducha@office.example\nSubject: x\n";

/// What is to come out.
#[derive(Debug, PartialEq, Eq)]
pub enum Is {
    /// a bounce that names the letter, with this code
    Bounce(&'static str),
    /// a bounce that names none
    OfNone,
    /// a person has to see what it means
    Unclear,
    /// nothing has to be done
    Nothing,
    /// a person wrote it
    Reply,
}

pub fn message(from: &str, subject: &str, more: &str, body: &str) -> Vec<u8> {
    format!(
        "From: {from}\nTo: ducha@office.example\nSubject: {subject}\nDate: Thu, 24 Jun 2021 10:00:00 +0800\nMIME-Version: 1.0\n{more}\n{body}\n"
    )
    .replace('\n', "\r\n")
    .into_bytes()
}

/// A report of RFC 3464 with these parts: words, fields of the recipients, and the letter or its headers.
pub fn report(from: &str, subject: &str, words: &str, fields: &str, copy: &str) -> Vec<u8> {
    message(
        from,
        subject,
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n",
        &format!(
            "--b\nContent-Type: text/plain; charset=utf-8\n\n{words}\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{fields}\n--b\n{copy}\n--b--"
        ),
    )
}

pub fn whole() -> String {
    format!("Content-Type: message/rfc822\n\n{COPY}\nx")
}

fn headers() -> String {
    format!("Content-Type: text/rfc822-headers\n\n{COPY}")
}

fn base64(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>().join("\n")
}

fn gbk_html(html: &str) -> (String, String) {
    let head = "Content-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: base64\n".to_owned();
    (head, base64(&GB18030.encode(html).0))
}

fn word(text: &str) -> String {
    format!("=?gb2312?B?{}?=", STANDARD.encode(GB18030.encode(text).0))
}

pub const FAILED: &str = "Final-Recipient: rfc822; housing@county.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n";
pub const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\n";
pub const DAEMON: &str = "Mail Delivery System <MAILER-DAEMON@mx.example>";

/// Reports with the part for machines.
fn with_status() -> Vec<(&'static str, Vec<u8>, Is)> {
    let fields = |action: &str, status: &str| {
        format!(
            "Original-Recipient: rfc822;housing@county.example\nFinal-Recipient: rfc822; housing@county.example\nAction: {action}\nStatus: {status}\n"
        )
    };
    let postfix =
        |fields: &str| report(DAEMON, "Undelivered Mail Returned to Sender", "I'm sorry.", fields, &whole());
    let nested = String::from_utf8(postfix(FAILED)).unwrap().replace("\r\n", "\n");
    let (head, report_parts) = nested.split_once("Content-Type: multipart/report").unwrap();
    let wrapped = format!(
        "{head}Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/report{report_parts}\n--o\nContent-Type: text/plain\n\nscanned\n--o--\n"
    );
    vec![
        ("postfix", postfix(FAILED), Is::Bounce("5.1.1")),
        ("postfix, given up after days", postfix(&fields("failed", "4.4.1")), Is::Bounce("4.4.1")),
        ("postfix, mailbox full for days", postfix(&fields("failed", "4.2.2")), Is::Bounce("4.2.2")),
        ("postfix, still trying", postfix(&fields("delayed", "4.4.1")), Is::Nothing),
        ("a receipt that was asked for", postfix(&fields("delivered", "2.0.0")), Is::Nothing),
        ("an action that nobody knows", postfix(&fields("suspended", "4.0.0")), Is::Unclear),
        ("delayed, and for good", postfix(&fields("delayed", "5.1.1")), Is::Unclear),
        (
            "no action, a final code",
            postfix("Final-Recipient: rfc822; housing@county.example\nStatus: 5.2.1 (disabled)\n"),
            Is::Bounce("5.2.1"),
        ),
        (
            "the second recipient",
            postfix(&format!(
                "Final-Recipient: rfc822; archive@county.example\nAction: relayed\nStatus: 2.0.0\n\n{FAILED}"
            )),
            Is::Bounce("5.1.1"),
        ),
        (
            "no line between recipients",
            postfix(&format!(
                "Final-Recipient: rfc822; archive@county.example\nAction: relayed\nStatus: 2.0.0\n{FAILED}"
            )),
            Is::Bounce("5.1.1"),
        ),
        (
            "sendmail, the letter's headers alone",
            report(
                "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>",
                "Returned mail: see transcript for details",
                "   ----- The following addresses had permanent fatal errors -----",
                &fields("Failed (bad address)", "5.1.2"),
                &headers(),
            ),
            Is::Bounce("5.1.2"),
        ),
        (
            "sendmail, four hours",
            report(
                DAEMON,
                "Warning: could not send message for past 4 hours",
                "THIS IS A WARNING MESSAGE ONLY",
                &fields("delayed", "4.4.1"),
                &headers(),
            ),
            Is::Nothing,
        ),
        (
            "Exchange, in Chinese",
            report(
                "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@county.example>",
                "未传递: 任务告知",
                "向以下收件人传递邮件失败。",
                &fields("failed", "5.1.10"),
                &whole(),
            ),
            Is::Bounce("5.1.10"),
        ),
        (
            "Exchange, delayed, in Chinese",
            report(
                "postmaster@county.example",
                "已延迟: 任务告知",
                "此邮件尚未送达，仍将尝试传递此邮件。",
                &fields("delayed", "4.4.7"),
                &headers(),
            ),
            Is::Nothing,
        ),
        (
            "Gmail",
            report(
                "Mail Delivery Subsystem <mailer-daemon@mx.example>",
                "Delivery Status Notification (Failure)",
                "** 找不到地址 **",
                FAILED,
                &whole(),
            ),
            Is::Bounce("5.1.1"),
        ),
        (
            "Coremail, the letter as a file in base64",
            report(
                "Postmaster@mx.example",
                &word("系统退信"),
                "抱歉，您的邮件被退回来了",
                FAILED,
                &format!(
                    "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{}",
                    base64(COPY.as_bytes())
                ),
            ),
            Is::Bounce("5.1.1"),
        ),
        (
            "internationalised (RFC 6533)",
            String::from_utf8(postfix(FAILED))
                .unwrap()
                .replace("message/delivery-status", "message/global-delivery-status")
                .into_bytes(),
            Is::Bounce("5.1.1"),
        ),
        ("within a gateway's wrapping", wrapped.replace('\n', "\r\n").into_bytes(), Is::Bounce("5.1.1")),
        (
            "no letter of anybody",
            report(DAEMON, "Undelivered", "x", FAILED, "Content-Type: text/plain\n\nx"),
            Is::OfNone,
        ),
    ]
}

/// Reports in words alone.
fn in_words() -> Vec<(&'static str, Vec<u8>, Is)> {
    let (html, body) = gbk_html(
        "<html><body><h1>抱歉，您的邮件被退回来了……</h1><table><tr><th>主　题：</th><td>任务告知</td></tr><tr><th>收件人：</th><td>housing@county.example</td></tr></table><div>收件人不存在。</div><div>英文说明:550 User not found.</div></body></html>",
    );
    let (html_with_copy, body_with_copy) = gbk_html(
        "<html><body><p>很抱歉，您发送的邮件未能送达：550 5.1.1 no such user</p><pre>Message-ID: &lt;0123456789abcdef0123456789abcdef@duban&gt;</pre></body></html>",
    );
    let qmail = |reason: &str| {
        format!(
            "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n{reason}\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <ducha@office.example>\n{COPY}\nx"
        )
    };
    let exim = format!(
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  housing@county.example\n    SMTP error from remote mail server after RCPT TO:<housing@county.example>:\n    550 5.1.1 User unknown\n\n------ This is a copy of the message, including all the headers. ------\n\n{COPY}\n编号：2021-0623-07"
    );
    vec![
        (
            "Exim",
            message(
                DAEMON,
                "Mail delivery failed: returning message to sender",
                &format!(
                    "X-Failed-Recipients: housing@county.example\nAuto-Submitted: auto-replied\n{PLAIN}"
                ),
                &exim,
            ),
            Is::Bounce("5.1.1"),
        ),
        (
            "Exim, its header gone",
            message(DAEMON, "Mail delivery failed: returning message to sender", PLAIN, &exim),
            Is::Bounce("5.1.1"),
        ),
        (
            "Exim, still trying",
            message(
                DAEMON,
                "Warning: message 1abcde-0001Xy-Aa delayed 24 hours",
                PLAIN,
                "A message that you sent has not yet been delivered to one or more of its\nrecipients.\n\nNo action is required on your part. Delivery attempts will continue for\nsome time, and this warning may be repeated.",
            ),
            Is::Nothing,
        ),
        (
            "qmail",
            message(
                "MAILER-DAEMON@mx.example",
                "failure notice",
                PLAIN,
                &qmail(
                    "This is a permanent error; I've given up. Sorry it didn't work out.\n\n<housing@county.example>:\nSorry, no mailbox here by that name. (#5.1.1)",
                ),
            ),
            Is::Bounce("5.1.1"),
        ),
        (
            "qmail, too long in the queue",
            message(
                "MAILER-DAEMON@mx.example",
                "failure notice",
                PLAIN,
                &qmail(
                    "<housing@county.example>:\nConnected but greeting failed. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.",
                ),
            ),
            Is::Bounce("4.4.1"),
        ),
        (
            "Courier",
            message(
                "\"Courier mail server at mx.example\" <postmaster@mx.example>",
                "NOTICE: mail delivery status.",
                PLAIN,
                &format!(
                    "This is a delivery status notification from mx.example.\n\nThe original message was not delivered to:\n\n<housing@county.example>: 550 5.2.1 disabled\n\n{COPY}"
                ),
            ),
            Is::Bounce("5.2.1"),
        ),
        (
            "Exchange of old",
            message(
                "System Administrator <postmaster@county.example>",
                "Undeliverable: x",
                &format!("In-Reply-To: <{NAME}>\n{PLAIN}"),
                "Your message did not reach some or all of the intended recipients.\n\n      The e-mail account does not exist at the organization.\n            <mx.example #5.1.1>",
            ),
            Is::Bounce("5.1.1"),
        ),
        (
            "Exchange of old, in Chinese",
            message(
                "系统管理员 <postmaster@county.example>",
                "未送达: x",
                &format!("References: <{NAME}>\n{PLAIN}"),
                "您的邮件没有到达某些或全部预定收件人。",
            ),
            Is::Bounce(""),
        ),
        (
            "Domino",
            message(
                "postmaster@county.example",
                "DELIVERY FAILURE: User housing not listed in Domino Directory",
                &format!("In-Reply-To: <{NAME}>\n{PLAIN}"),
                "Your message\n\n  Subject: x\n\nwas not delivered to:\n\n  housing@county.example",
            ),
            Is::Bounce(""),
        ),
        (
            "163: HTML in GBK, no letter named",
            message("Postmaster@mx.example", &word("系统退信"), &html, &body),
            Is::OfNone,
        ),
        (
            "QQ: HTML with the letter's headers",
            message(
                "PostMaster@mx.example",
                &word("系统退信/Systems bounce"),
                &html_with_copy,
                &body_with_copy,
            ),
            Is::Bounce("5.1.1"),
        ),
        (
            "the letter as a file",
            message(
                "postmaster@mx.example",
                "邮件退信",
                "Content-Type: multipart/mixed; boundary=b\n",
                &format!(
                    "--b\n{PLAIN}\n您的邮件投递失败，收件人不存在。\n--b\nContent-Type: application/octet-stream; name=\"origin.eml\"\nContent-Disposition: attachment; filename=\"origin.eml\"\nContent-Transfer-Encoding: base64\n\n{}\n--b--",
                    base64(COPY.as_bytes())
                ),
            ),
            Is::Bounce(""),
        ),
        (
            "Taiwan",
            message(
                "postmaster@mx.example",
                "郵件無法傳遞",
                PLAIN,
                &format!("您的郵件無法傳遞給下列收件者。\n{COPY}"),
            ),
            Is::Bounce(""),
        ),
        (
            "Japan",
            message(
                DAEMON,
                "メール配信エラー",
                PLAIN,
                &format!("以下の宛先に配信できませんでした。\n{COPY}"),
            ),
            Is::Bounce(""),
        ),
        (
            "Russia",
            message(
                "mailer-daemon@mx.example",
                "Недоставленное сообщение",
                PLAIN,
                &format!("Ваше письмо не доставлено.\n{COPY}"),
            ),
            Is::Bounce(""),
        ),
        (
            "Germany",
            message(
                "postmaster@mx.example",
                "Unzustellbar: x",
                PLAIN,
                &format!("Die Nachricht konnte nicht zugestellt werden.\n{COPY}"),
            ),
            Is::Bounce(""),
        ),
        (
            "a Chinese system that goes on trying",
            message(
                "postmaster@mx.example",
                "投递延迟通知",
                PLAIN,
                "您的邮件暂时无法投递，系统将继续尝试投递，无需重新发送。",
            ),
            Is::Nothing,
        ),
        ("words that nobody knows", message(DAEMON, "x", PLAIN, "zzz"), Is::Unclear),
        (
            "a system under a name that nobody knows",
            message("robot@mx.example", "退信通知", PLAIN, "您的邮件被退回。"),
            Is::Unclear,
        ),
        (
            "nobody as its sender",
            message("robot@mx.example", "x", &format!("Return-Path: <>\n{PLAIN}"), "zzz"),
            Is::Unclear,
        ),
    ]
}

#[test]
fn each_report_is_a_bounce_or_a_person_looks_and_nothing_is_needless_that_was_not_understood() {
    let all = [with_status(), in_words(), crate::bounces_answers::answers()].into_iter().flatten();
    for (what, bytes, expected) in all {
        let read = read(&bytes).unwrap();
        let is = match &read.kind {
            IncomingKind::Bounce(bounce) if read.names.iter().any(|name| name == NAME) => {
                assert!(matches!(expected, Is::Bounce(code) if code == bounce.status), "{what}: {read:?}");
                continue;
            }
            IncomingKind::Bounce(_) => Is::OfNone,
            IncomingKind::Unclear => Is::Unclear,
            IncomingKind::Automatic => Is::Nothing,
            IncomingKind::Reply => Is::Reply,
        };
        assert_eq!(is, expected, "{what}: {read:?}");
    }
}
