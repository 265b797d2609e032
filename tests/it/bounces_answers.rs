//! Automatic answers, receipts and what persons write, beside the reports of `bounces`.

use crate::bounces::{DAEMON, FAILED, Is, NAME, PLAIN, message, report, whole};

/// What a machine writes for a person, and what a person writes.
#[expect(clippy::too_many_lines, reason = "it is a table")]
pub fn answers() -> Vec<(&'static str, Vec<u8>, Is)> {
    let person = "Wang <wang@county.example>";
    let reply = format!("In-Reply-To: <{NAME}>\n{PLAIN}");
    let receipt = |disposition: &str| {
        message(
            person,
            "Read: x",
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n",
            &format!(
                "--b\n{PLAIN}\nx\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;housing@county.example\nOriginal-Message-ID: <{NAME}>\nDisposition: {disposition}\n--b--"
            ),
        )
    };
    let forwarded = String::from_utf8(report(DAEMON, "Undelivered", "x", FAILED, &whole())).unwrap();
    let with_file = format!(
        "--b\n{PLAIN}\n见附件。\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\n%PDF\n--b--"
    );
    vec![
        (
            "QQ's autoreply",
            message(
                person,
                "自动回复: 任务告知",
                &format!("X-AutoReply: yes\n{reply}"),
                "您好，您的邮件已收到。",
            ),
            Is::Nothing,
        ),
        (
            "an autoreply known by its subject alone",
            message(person, "自动回复: 任务告知", &reply, "您好，我正在出差，您的邮件已收到。"),
            Is::Nothing,
        ),
        (
            "RFC 3834",
            message(person, "x", &format!("Auto-Submitted: auto-replied (vacation)\n{reply}"), "外出"),
            Is::Nothing,
        ),
        (
            "Exchange",
            message(person, "Automatic reply: x", &reply, "I am out of office until Monday."),
            Is::Nothing,
        ),
        (
            "an autoreply that quotes the letter",
            message(
                person,
                "自动回复: x",
                &reply,
                "已收到。\n\n------------------ 原始邮件 ------------------\n请点击链接",
            ),
            Is::Nothing,
        ),
        (
            "a mailbox out of use",
            message(person, "自动回复: x", &reply, "本邮箱已停用，请发至 new@county.example"),
            Is::Unclear,
        ),
        (
            "a challenge",
            message(
                person,
                "x",
                &format!("Auto-Submitted: auto-replied\n{reply}"),
                "Please click the link to deliver your message.",
            ),
            Is::Unclear,
        ),
        (
            "an office system's answer with a file",
            message(
                person,
                "自动回复: x",
                &format!("In-Reply-To: <{NAME}>\nContent-Type: multipart/mixed; boundary=b\n"),
                &with_file,
            ),
            Is::Unclear,
        ),
        (
            "a system's message of another kind",
            message(person, "x", &format!("Auto-Submitted: auto-generated\n{reply}"), "zzz"),
            Is::Unclear,
        ),
        ("it was read", receipt("manual-action/MDN-sent-manually; displayed"), Is::Nothing),
        (
            "it was thrown away unread",
            receipt("automatic-action/MDN-sent-automatically; deleted"),
            Is::Unclear,
        ),
        ("a person's answer to an autoreply", message(person, "回复: 自动回复: x", &reply, "好"), Is::Reply),
        (
            "a person who says so",
            message(person, "x", &format!("Auto-Submitted: no\n{reply}"), "好"),
            Is::Reply,
        ),
        (
            "a person who forwards a report",
            message(
                person,
                "转发：退信",
                "Content-Type: multipart/mixed; boundary=F\n",
                &format!(
                    "--F\n{PLAIN}\n督察室：附上收到的退信，请回电。\n--F\nContent-Type: message/rfc822\n\n{}\n--F--",
                    forwarded.replace("\r\n", "\n")
                ),
            ),
            Is::Reply,
        ),
    ]
}
