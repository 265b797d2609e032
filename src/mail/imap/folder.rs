//! Names of folders on the wire: modified UTF-7 (RFC 3501, 5.1.3), in quotes. Pure.

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::NO_PAD;

/// A folder's name as it stands in a command.
pub(super) fn quoted(name: &str) -> String {
    let wire = encoded(name).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{wire}\"")
}

fn encoded(name: &str) -> String {
    let engine = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);
    let (mut wire, mut beyond) = (String::new(), Vec::new());
    let close = |wire: &mut String, beyond: &mut Vec<u8>| {
        if !beyond.is_empty() {
            wire.push('&');
            wire.push_str(&engine.encode(beyond.as_slice()));
            wire.push('-');
            beyond.clear();
        }
    };
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            close(&mut wire, &mut beyond);
            wire.push(c);
            if c == '&' {
                wire.push('-');
            }
        } else {
            let mut units = [0; 2];
            beyond.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    close(&mut wire, &mut beyond);
    wire
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_the_standard_shows() {
        assert_eq!(quoted("INBOX"), "\"INBOX\"");
        // The example of RFC 3501, 5.1.3.
        assert_eq!(encoded("~peter/mail/台北/日本語"), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
        assert_eq!(encoded("A & B"), "A &- B");
        assert_eq!(quoted("a\"b\\c"), "\"a\\\"b\\\\c\"");
    }
}
