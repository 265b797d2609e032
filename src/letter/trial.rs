//! The letter of `duban mail test`: it asks nothing of anybody.

use chrono::{DateTime, Utc};
use lettre::message::Message;
use lettre::message::header::ContentType;

use super::LetterFault;
use super::mime::mailbox;

/// The message as sent, from the office to whoever tries the relay.
///
/// # Errors
/// [`LetterFault`], if an address is none.
pub fn trial(
    message_id: &str,
    dated: DateTime<Utc>,
    from: (&str, &str),
    to: &str,
) -> Result<Vec<u8>, LetterFault> {
    let message = Message::builder()
        .message_id(Some(format!("<{message_id}>")))
        .date(dated.into())
        .from(mailbox(from)?)
        .to(mailbox(("", to))?)
        .subject("督办系统邮件测试")
        .header(ContentType::TEXT_PLAIN)
        .body("这是 duban 的测试邮件,收到即说明邮件可以送达,无需回复。\n".to_owned())?;
    Ok(message.formatted())
}
