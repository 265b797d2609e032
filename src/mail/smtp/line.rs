//! Our own line to the relay, under lettre: a socket that never waits to gather bytes (lettre's own
//! pool lets Nagle's algorithm hold each letter for 40 ms), plain or under TLS.
//!
//! The greeting is read and timed before lettre gets the line; lettre, which wants to read it
//! itself, gets it again from [`Line::with_greeting`].

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use lettre::transport::smtp::response::Response;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};

use super::trouble::Trouble;
use crate::mail::socket::Socket;

/// Longest answer that is read before lettre reads.
/// Most bytes of the answers to one command, under lettre's own reader, which waits for a line's end.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Longest answer read here.
const REPLY_BYTES_MAX: usize = 16 * 1024;

/// What lettre gets: the socket, and before its bytes the greeting that was read already.
#[derive(Debug)]
pub(super) struct Line {
    socket: Socket,
    greeting: Vec<u8>,
    told: usize,
    /// bytes of answers since we last said something
    since_written: usize,
}

impl Line {
    pub(super) fn with_greeting(socket: Socket, greeting: String) -> Self {
        Self { socket, greeting: greeting.into_bytes(), told: 0, since_written: 0 }
    }
}

/// Reads one answer and not a byte more: what a meddler adds to an answer in clear stays in the
/// socket, where TLS chokes on it, and is never taken for an answer under TLS.
pub(super) async fn read_reply(socket: &mut Socket) -> Result<(Response, String), Trouble> {
    let mut text = Vec::with_capacity(128);
    let mut line_start = 0;
    loop {
        let byte = socket.read_u8().await.map_err(|fault| {
            let closed = fault.kind() == io::ErrorKind::UnexpectedEof;
            Trouble::Lost(if closed { "the server closed the line".to_owned() } else { fault.to_string() })
        })?;
        text.push(byte);
        if text.len() > REPLY_BYTES_MAX {
            return Err(Trouble::Garbage("an answer without an end".to_owned()));
        }
        if byte != b'\n' {
            continue;
        }
        let more = text.get(line_start + 3) == Some(&b'-');
        line_start = text.len();
        if !more {
            break;
        }
    }
    let words = String::from_utf8_lossy(&text).into_owned();
    let reply = words.parse::<Response>().map_err(|_| Trouble::Garbage(words.trim_end().to_owned()))?;
    Ok((reply, words))
}

impl AsyncTokioStream for Line {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        match &self.socket {
            Socket::Plain(socket) => socket.peer_addr(),
            Socket::Tls(socket) => socket.get_ref().0.peer_addr(),
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let left = self.greeting.get(self.told..).unwrap_or_default();
        if left.is_empty() {
            let before = buffer.filled().len();
            let read = Pin::new(&mut self.socket).poll_read(context, buffer);
            let new = buffer.filled_mut().get_mut(before..).unwrap_or_default();
            self.since_written = self.since_written.saturating_add(new.len());
            // Some relays answer in GBK: the code counts, and a word that can't be read is no fault.
            new.iter_mut().filter(|byte| !byte.is_ascii()).for_each(|byte| *byte = b'?');
            if self.since_written > ANSWER_BYTES_MAX {
                return Poll::Ready(Err(io::Error::other("an answer without an end")));
            }
            return read;
        }
        let part = left.get(..buffer.remaining().min(left.len())).unwrap_or_default();
        buffer.put_slice(part);
        self.told += part.len();
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.since_written = 0;
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
