//! A socket that gives no more bytes than it was allowed to: a server that never stops talking
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
}

impl Bounded {
    pub(super) fn new(socket: Socket, bytes: usize) -> Self {
        Self { socket, bytes_left: bytes }
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
