//! A socket that gives no more bytes than it was allowed to, and none of a literal (`{123}`, RFC
//! 3501, 4.3) that would be longer: a server that never stops talking, or only says that it will,
//! fills no memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::mail::socket::Socket;

/// A socket and how much may still come out of it.
#[derive(Debug)]
pub(super) struct Bounded {
    socket: Socket,
    bytes_left: usize,
    seen: Seen,
}

/// What the last bytes were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// nothing of a literal
    Other,
    /// `{` and this number so far
    Number(usize),
    /// `{123}`
    Closed(usize),
    /// `{123}` and CR
    Return(usize),
    /// a literal of which so many bytes are to come
    Literal(usize),
}

impl Seen {
    /// After these bytes more; the length of a literal that is longer than `bytes_max`.
    fn after(mut self, mut bytes: &[u8], bytes_max: usize) -> Result<Self, usize> {
        while let Some((byte, rest)) = bytes.split_first() {
            if let Self::Literal(left @ 1..) = self {
                let (left, passed) = (left.saturating_sub(bytes.len()), left.min(bytes.len()));
                self = Self::Literal(left);
                bytes = bytes.get(passed..).unwrap_or_default();
                continue;
            }
            self = match (self, byte) {
                (Self::Number(number), b'0'..=b'9') => {
                    Self::Number(number.saturating_mul(10).saturating_add(usize::from(byte - b'0')))
                }
                (Self::Number(number), b'}') => Self::Closed(number),
                (Self::Closed(number), b'\r') => Self::Return(number),
                (Self::Return(number), b'\n') if number > bytes_max => return Err(number),
                (Self::Return(number), b'\n') => Self::Literal(number),
                (_, b'{') => Self::Number(0),
                (_, _) => Self::Other,
            };
            bytes = rest;
        }
        Ok(self)
    }
}

impl Bounded {
    pub(super) fn new(socket: Socket, bytes: usize) -> Self {
        Self { socket, bytes_left: bytes, seen: Seen::Other }
    }

    /// So much may come from now on.
    pub(super) fn allow(&mut self, bytes: usize) {
        self.bytes_left = bytes;
    }

    pub(super) fn into_inner(self) -> Socket {
        self.socket
    }
}

impl AsyncRead for Bounded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.socket).poll_read(context, buffer))?;
        let left = self.bytes_left.checked_sub(buffer.filled().len() - before);
        self.bytes_left = left.ok_or_else(|| io::Error::other("an answer longer than any may be"))?;
        let seen = self.seen.after(buffer.filled().get(before..).unwrap_or_default(), self.bytes_left);
        self.seen = seen.map_err(|bytes| {
            io::Error::other(format!("an answer longer than any may be: {bytes} bytes are announced"))
        })?;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Bounded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_that_is_too_long_is_seen_when_it_is_announced_however_the_bytes_come() {
        let talk = b"* 1 FETCH (UID 1 BODY[] {4}\r\n{99} {7)\r\n* OK {12x}\r\n{9999999999999999999999}\r\n";
        let after = |bytes: &[u8], at: usize| {
            let (one, other) = bytes.split_at(at);
            Seen::Other.after(one, 50).and_then(|seen| seen.after(other, 50))
        };
        for at in 0..talk.len() {
            assert_eq!(after(talk, at), Err(usize::MAX), "{at}");
            assert!(
                after(&talk[..talk.len() - 1], at.min(talk.len() - 1)).is_ok(),
                "not announced to its end"
            );
        }
        // Within a literal a message may hold what it likes.
        let quoted = b"{20}\r\n{9999999999}\r\n123456 {51}\r\n";
        assert_eq!(after(quoted, 9), Err(51));
        assert_eq!(after(&quoted[..26], 9), Ok(Seen::Literal(0)));
    }
}
