//! The body of a form on its way in: no part's head grows without bound, and whoever sends keeps a pace.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;
use hyper::body::Frame;
use tokio::time::{Instant, Sleep, sleep_until};

/// Longest head of a part, in bytes: the name of a field, the name of a file. It is held in memory whole.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// In every [`WINDOW`] at least so many bytes come.
const WINDOW_BYTES_MIN: usize = 16 * 1024;
const WINDOW: Duration = Duration::from_mins(1);
/// Longest that the whole may take.
const WHOLE: Duration = Duration::from_mins(super::FORM_MINUTES_MAX - 2);
/// Longest boundary (RFC 2046).
const BOUNDARY_BYTES_MAX: usize = 70;

/// Why no more of it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// the head of a part is longer than any field or file has one
    Head,
    /// it comes too slowly
    Slow,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Head => "the head of a part is too long",
            Self::Slow => "it comes too slowly",
        })
    }
}

impl std::error::Error for Unfit {}

/// The form in a request; `None` where its body is none.
pub(super) async fn form(request: Request) -> Option<Multipart> {
    let boundary = boundary(request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?)?.to_owned();
    let now = Instant::now();
    let watched = |body| {
        Body::new(Watched {
            body,
            heads: Heads::of(&boundary),
            pace: Pace { began: now, since: now, bytes: 0 },
            wake: Box::pin(sleep_until(now + WINDOW)),
        })
    };
    Multipart::from_request(request.map(watched), &()).await.ok()
}

/// The boundary of a form as browsers name it, and no other way: two readers must find the same.
fn boundary(kind: &str) -> Option<&str> {
    let (kind, rest) = kind.split_once(';')?;
    let (name, value) = rest.trim().split_once('=')?;
    let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=?".contains(&byte);
    let fits = kind.trim().eq_ignore_ascii_case("multipart/form-data")
        && name.eq_ignore_ascii_case("boundary")
        && (1..=BOUNDARY_BYTES_MAX).contains(&value.len())
        && value.bytes().all(plain);
    fits.then_some(value)
}

struct Watched {
    body: Body,
    heads: Heads,
    pace: Pace,
    wake: Pin<Box<Sleep>>,
}

impl hyper::body::Body for Watched {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        match Pin::new(&mut this.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                let piece = frame.data_ref().map_or(&[][..], AsRef::as_ref);
                this.pace.bytes = this.pace.bytes.saturating_add(piece.len());
                Poll::Ready(Some(this.heads.pass(piece).map(|()| frame).map_err(Into::into)))
            }
            Poll::Ready(Some(Err(fault))) => Poll::Ready(Some(Err(fault.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                // Only while we wait for them: what we ourselves take is not counted against the sender.
                while this.wake.as_mut().poll(context).is_ready() {
                    match this.pace.next(Instant::now()) {
                        Ok(next) => this.wake.as_mut().reset(next),
                        Err(slow) => return Poll::Ready(Some(Err(slow.into()))),
                    }
                }
                Poll::Pending
            }
        }
    }
}

/// How fast it comes.
struct Pace {
    began: Instant,
    since: Instant,
    bytes: usize,
}

impl Pace {
    /// When to look again.
    fn next(&mut self, now: Instant) -> Result<Instant, Unfit> {
        if now.duration_since(self.since) >= WINDOW {
            if self.bytes < WINDOW_BYTES_MIN || now.duration_since(self.began) >= WHOLE {
                return Err(Unfit::Slow);
            }
            (self.since, self.bytes) = (now, 0);
        }
        Ok(self.since + WINDOW)
    }
}

/// Where in a form its bytes stand.
enum Place {
    /// before the first boundary; what came so far
    Before(Vec<u8>),
    /// in a boundary's own line
    Line,
    /// in a part's head; so much of the blank line came
    Head(usize),
    /// in a part; so much of the next boundary came
    Part(usize),
}

/// Follows a form from boundary to boundary.
struct Heads {
    /// CR LF, two hyphens, the boundary
    delimiter: Vec<u8>,
    place: Place,
    passed: usize,
}

impl Heads {
    fn of(boundary: &str) -> Self {
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        Self { delimiter, place: Place::Before(Vec::new()), passed: 0 }
    }

    fn pass(&mut self, piece: &[u8]) -> Result<(), Unfit> {
        let Place::Before(seen) = &mut self.place else { return self.follow(piece) };
        let dashes = self.delimiter.get(2..).unwrap_or_default();
        let from = seen.len().saturating_sub(dashes.len());
        seen.extend_from_slice(piece);
        let newer = seen.get(from..).unwrap_or_default();
        let found = newer.windows(dashes.len()).position(|window| window == dashes);
        match found.and_then(|at| newer.get(at + dashes.len()..)).map(<[u8]>::to_vec) {
            Some(rest) => {
                self.place = Place::Line;
                self.follow(&rest)
            }
            None if seen.len() > HEAD_BYTES_MAX => Err(Unfit::Head),
            None => Ok(()),
        }
    }

    fn follow(&mut self, piece: &[u8]) -> Result<(), Unfit> {
        const BLANK: &[u8] = b"\r\n\r\n";
        for &byte in piece {
            self.passed += 1;
            self.place = match self.place {
                Place::Before(_) | Place::Line if byte == b'\n' => Place::Head(0),
                Place::Before(_) | Place::Line => Place::Line,
                Place::Head(matched) => match step(BLANK, matched, byte) {
                    matched if matched == BLANK.len() => Place::Part(0),
                    matched => Place::Head(matched),
                },
                Place::Part(matched) => {
                    self.passed = 0;
                    match step(&self.delimiter, matched, byte) {
                        matched if matched == self.delimiter.len() => Place::Line,
                        matched => Place::Part(matched),
                    }
                }
            };
            if self.passed > HEAD_BYTES_MAX {
                return Err(Unfit::Head);
            }
        }
        Ok(())
    }
}

/// How much of a pattern stands after one more byte. No pattern here holds its own beginning, CR LF aside,
/// and no boundary a CR: after a byte that doesn't fit, only a CR begins anew.
fn step(pattern: &[u8], matched: usize, byte: u8) -> usize {
    if pattern.get(matched) == Some(&byte) { matched + 1 } else { usize::from(byte == b'\r') }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(form: &str, piece_bytes: usize) -> bool {
        let mut heads = Heads::of("-XyZ");
        form.as_bytes().chunks(piece_bytes).all(|piece| heads.pass(piece).is_ok())
    }

    #[test]
    fn a_head_without_end_is_stopped_wherever_it_stands_and_however_it_comes() {
        let (long, part) = ("n".repeat(HEAD_BYTES_MAX + 1), "p: q\r\n\r\n");
        let text = format!("{long}\r\n\r\n{long}\r\n\r\r\n-\r\n--Xy{long}");
        for piece_bytes in [1, 7, 4096, 1 << 20] {
            assert!(passes(
                &format!("---XyZ\r\n{part}{text}\r\n---XyZ\r\n{part}{text}\r\n---XyZ--"),
                piece_bytes
            ));
            for bad in [
                long.clone(),
                format!("---XyZ{long}"),
                format!("---XyZ\r\nname: {long}"),
                format!("---XyZ\r\n\r\n{long}"),
                format!("---XyZ\r\n{part}{text}\r\n---XyZ\r\nname: {long}"),
                format!("---XyZ\r\n{part}\r\n---XyZ \r\n{long}\r\n\r\n"),
            ] {
                assert!(!passes(&bad, piece_bytes), "{piece_bytes}: {bad:.40}");
            }
        }
    }

    #[test]
    fn who_sends_a_little_now_and_then_is_let_go_and_who_sends_on_is_not() {
        let now = Instant::now();
        let mut pace = Pace { began: now, since: now, bytes: 0 };
        for minute in 1..WHOLE.as_secs() / 60 {
            pace.bytes = WINDOW_BYTES_MIN;
            let at = now + Duration::from_mins(minute);
            assert_eq!(pace.next(at), Ok(at + WINDOW), "minute {minute}");
        }
        pace.bytes = WINDOW_BYTES_MIN - 1;
        assert_eq!(pace.next(pace.since + WINDOW / 2), Ok(pace.since + WINDOW));
        assert_eq!(pace.next(pace.since + WINDOW), Err(Unfit::Slow));
        pace.bytes = WINDOW_BYTES_MIN;
        assert_eq!(pace.next(now + WHOLE), Err(Unfit::Slow), "nor for ever");
    }

    #[test]
    fn only_forms_as_browsers_send_them_are_read() {
        assert_eq!(
            boundary("multipart/form-data; boundary=----WebKitFormBoundaryA1"),
            Some("----WebKitFormBoundaryA1")
        );
        assert_eq!(boundary("Multipart/Form-Data;boundary=\"x'y\""), Some("x'y"));
        for other in [
            "application/json",
            "multipart/form-data",
            "multipart/mixed; boundary=a",
            "multipart/form-data; x=\"boundary=b\"; boundary=a",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=a\"b",
        ] {
            assert_eq!(boundary(other), None, "{other}");
        }
    }
}
