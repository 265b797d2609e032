//! What a machine says of a letter: a delivery report (RFC 3464), the same in words alone, a receipt (RFC 8098), an
//! automatic answer (RFC 3834). Nothing is said to need no person unless it was understood.

use mail_parser::{HeaderName, Message, MessagePart, MimeHeaders as _};

use super::phrases::{self, Says, squeezed};
use super::reader;
use crate::domain::{Bounce, IncomingKind};

/// Most characters of a report's words that are looked at.
const WORDS_CHARS_MAX: usize = 20_000;
/// Most recipients of a report.
const RECIPIENTS_MAX: usize = 1000;
/// Headers that programs which answer for a person set, beside Auto-Submitted.
const ANSWERING: [&str; 5] =
    ["X-Autoreply", "X-Auto-Reply", "X-Autorespond", "X-Autoresponder", "X-Autoreply-From"];
/// Where a letter that is quoted begins: its words are none of the report's.
const QUOTED: [&str; 19] = [
    ">",
    "-----original",
    "----- original",
    "---original",
    "------ this is a copy",
    "------ this is a copy of",
    "--- below this line",
    "--- the header of",
    "----- unsent",
    "----- message header",
    "-----原始",
    "----原始",
    "----- 原始",
    "------------------ 原始",
    "发件人：",
    "发件人:",
    "from:",
    "received:",
    "return-path:",
];

/// What the message is; `brings_files` tells whether files came with it.
pub(super) fn kind(message: &Message<'_>, brings_files: impl FnOnce() -> bool) -> IncomingKind {
    let header = |name: &'static str| reader::header(message, &HeaderName::Other(name.into()));
    let subject = squeezed(&reader::header(message, &HeaderName::Subject));
    let from = message.from().and_then(|from| from.first());
    let local_part = from.and_then(|from| from.address()).and_then(|address| address.split('@').next());
    let name = super::sender_name(message).unwrap_or_default();
    let by_system = phrases::is_system(&name, local_part.unwrap_or_default());
    let is_report = message.parts.iter().any(|part| is(part, "multipart", "report"));

    if by_system || is_report {
        if let Some(kind) = status(message).and_then(|status| reported(&status)) {
            return kind;
        }
        if let Some(receipt) = part_text(message, "disposition-notification") {
            return receipt_kind(&receipt);
        }
    }
    let words = own_words(message);
    let failed = header("X-Failed-Recipients");
    if !failed.is_empty() {
        return IncomingKind::Bounce(Bounce { failed: addresses(&failed), ..bounce(&words) });
    }
    let squeezed_words = squeezed(&words);
    let report_subject = phrases::is_report_subject(&subject);
    if by_system || is_report {
        return match phrases::says(&format!("{subject}\n{squeezed_words}")) {
            Says::Failed => IncomingKind::Bounce(bounce(&words)),
            Says::Delayed => IncomingKind::Automatic,
            Says::Unclear => IncomingKind::Unclear,
        };
    }
    let submitted = header("Auto-Submitted").to_ascii_lowercase();
    let precedence = header("Precedence").to_ascii_lowercase().replace('-', "_");
    let answers = submitted.starts_with("auto-replied")
        || precedence == "auto_reply"
        || phrases::is_automatic_subject(&subject)
        || ANSWERING.iter().any(|name| !header(name).is_empty());
    let by_machine = !submitted.is_empty() && !submitted.starts_with("no");
    let without_sender = header("Return-Path") == "<>";
    if answers && !report_subject && !phrases::concerns(&squeezed_words) && !brings_files() {
        IncomingKind::Automatic
    } else if answers || by_machine || without_sender || report_subject {
        IncomingKind::Unclear
    } else {
        IncomingKind::Reply
    }
}

fn is(part: &MessagePart<'_>, main: &str, sub: &str) -> bool {
    part.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case(main)
            && kind.subtype().is_some_and(|kind| kind.eq_ignore_ascii_case(sub))
    })
}

fn part_text(message: &Message<'_>, sub: &str) -> Option<String> {
    let part = message.parts.iter().find(|part| is(part, "message", sub))?;
    Some(reader::text(message, part))
}

/// The text of a delivery report's second part.
fn status(message: &Message<'_>) -> Option<String> {
    part_text(message, "delivery-status").or_else(|| part_text(message, "global-delivery-status"))
}

/// The fields of one recipient.
#[derive(Default)]
struct Recipient {
    fields: Vec<(String, String)>,
}

impl Recipient {
    fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The addresses it is known by: `rfc822; a@b`.
    fn addresses(&self) -> Vec<String> {
        ["original-recipient", "final-recipient"]
            .iter()
            .flat_map(|name| addresses(self.field(name)))
            .collect()
    }
}

/// Groups of fields, parted by empty lines; where a system forgot these, by a field that begins anew.
fn recipients(status: &str) -> Vec<Recipient> {
    let mut groups = vec![Recipient::default()];
    for line in status.lines() {
        if line.trim().is_empty() {
            groups.push(Recipient::default());
            continue;
        }
        let Some(group) = groups.last_mut() else { continue };
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
            continue;
        }
        let Some((key, value)) = line.split_once(':') else { continue };
        let field = (key.trim().to_ascii_lowercase(), value.trim().to_owned());
        if group.fields.iter().any(|(key, _)| *key == field.0) {
            groups.push(Recipient { fields: vec![field] });
        } else {
            group.fields.push(field);
        }
    }
    let says = |group: &Recipient| {
        ["action", "status", "final-recipient"].iter().any(|name| !group.field(name).is_empty())
    };
    groups.into_iter().filter(says).take(RECIPIENTS_MAX).collect()
}

/// `None` where the report names nobody.
fn reported(status: &str) -> Option<IncomingKind> {
    let (mut failed, mut first) = (Vec::new(), None);
    let mut understood = true;
    let recipients = recipients(status);
    if recipients.is_empty() {
        return None;
    }
    for recipient in &recipients {
        let (action, code) = (recipient.field("action").to_ascii_lowercase(), recipient.field("status"));
        // A comment may follow: `failed (permanent)`.
        let action = action.split([' ', '(', ';']).next().unwrap_or_default();
        let is_last_word = match action {
            // Whatever the code: 4.4.7 is a letter that waited too long and was given up.
            "failed" => true,
            "delivered" | "relayed" | "expanded" | "delayed" => {
                understood &= !code.starts_with('5');
                continue;
            }
            "" => code.starts_with('5'),
            _ => false,
        };
        if is_last_word {
            failed.extend(recipient.addresses());
            first = first.or(Some(recipient));
        } else {
            understood = false;
        }
    }
    Some(match first {
        Some(recipient) => {
            let words = recipient.field("diagnostic-code");
            // `smtp; 550 …`: the type of the diagnostic says nothing to a person.
            let words = words.split_once(';').map_or(words, |(_, words)| words).trim().to_owned();
            let status = recipient.field("status").split_whitespace().next().unwrap_or_default().to_owned();
            IncomingKind::Bounce(Bounce { status, diagnostic: words, failed })
        }
        None if understood => IncomingKind::Automatic,
        None => IncomingKind::Unclear,
    })
}

/// A receipt that says that a letter was shown needs nobody; one thrown away unread does.
fn receipt_kind(receipt: &str) -> IncomingKind {
    let value = receipt.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case("disposition").then(|| value.to_ascii_lowercase())
    });
    let mode = value.as_deref().and_then(|value| value.rsplit(';').next()).unwrap_or_default().trim();
    let kind = mode.split('/').next().unwrap_or_default();
    if ["displayed", "processed", "dispatched"].contains(&kind) && !mode.contains("error") {
        IncomingKind::Automatic
    } else {
        IncomingKind::Unclear
    }
}

/// The addresses in a field or a list.
fn addresses(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '(' | ')' | '"'))
        .filter(|word| word.contains('@'))
        .map(str::to_ascii_lowercase)
        .collect()
}

/// The addresses that stand in words, as `<a@b>:` or `发往a@b失败`.
fn named(words: &str) -> Vec<String> {
    let is_of_it = |c: char| c.is_ascii_alphanumeric() || "@.!#$%&'*+-/=?^_`{|}~".contains(c);
    let all =
        words.split(|c| !is_of_it(c)).map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    all.filter(|word| word.contains('@')).take(RECIPIENTS_MAX).map(str::to_ascii_lowercase).collect()
}

/// The message's words up to the letter that it quotes.
fn own_words(message: &Message<'_>) -> String {
    let mut words = String::new();
    for part in message.text_bodies().take(3) {
        let text = reader::text(message, part);
        let own = |line: &&str| {
            let line = line.trim_start().to_lowercase();
            !QUOTED.iter().any(|mark| line.starts_with(mark))
        };
        for line in text.lines().take_while(own) {
            words.push_str(line);
            words.push('\n');
        }
    }
    words.chars().take(WORDS_CHARS_MAX).collect()
}

/// What a report says in words: the code (RFC 3463) and the line that it stands in.
fn bounce(words: &str) -> Bounce {
    let lines = || words.lines().map(str::trim);
    let code_of = |line: &str| {
        let mut numbers = line.split(|c: char| !c.is_ascii_digit() && c != '.');
        numbers.find(|number| is_enhanced(number)).map(str::to_owned)
    };
    let is_reply = |line: &&str| {
        let mut numbers = line.split(|c: char| !c.is_ascii_digit());
        numbers.any(|number| number.len() == 3 && number.starts_with(['4', '5']) && !number.ends_with("00"))
    };
    let line = lines().find(|line| code_of(line).is_some()).or_else(|| lines().find(is_reply));
    let failed = || lines().find(|line| phrases::says(&squeezed(line)) == Says::Failed);
    Bounce {
        status: line.and_then(code_of).unwrap_or_default(),
        diagnostic: line.or_else(failed).unwrap_or_default().to_owned(),
        failed: named(words),
    }
}

/// `5.1.1`
fn is_enhanced(number: &str) -> bool {
    let parts: Vec<&str> = number.trim_end_matches('.').split('.').collect();
    matches!(parts.as_slice(), ["4" | "5", subject, detail] if (1..=3).contains(&subject.len()) && (1..=3).contains(&detail.len()))
}
