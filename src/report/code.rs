//! A square code (QR): as an SVG path, and as a bitmap for Word.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;

use super::paper::PaperFault;

/// White modules around it (ISO/IEC 18004).
const QUIET: i32 = 4;
/// Dots of a module in the bitmap.
const DOTS: i32 = 8;

/// A square code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Code {
    /// modules of a side, the white ones around included
    pub modules: i32,
    /// an SVG path of the dark modules
    pub path: String,
    #[serde(skip)]
    pub bitmap: Vec<u8>,
}

impl Code {
    /// The code of a text.
    pub(super) fn of(text: &str) -> Result<Self, PaperFault> {
        let code =
            QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| PaperFault::Code(text.to_owned()))?;
        let modules = code.size() + 2 * QUIET;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
        Ok(Self { modules, path, bitmap: bitmap(&code, modules) })
    }
}

/// A BMP of one bit a dot: no compressor whose next version might give other bytes.
fn bitmap(code: &QrCode, modules: i32) -> Vec<u8> {
    const HEAD_BYTES: u32 = 62;
    let side = modules * DOTS;
    let row_bytes = (side + 31) / 32 * 4;
    let size = (row_bytes * side).unsigned_abs();
    let mut bytes = Vec::new();
    bytes.extend(b"BM");
    for word in
        [HEAD_BYTES + size, 0, HEAD_BYTES, 40, side.unsigned_abs(), side.unsigned_abs(), 1 | 1 << 16, 0, size]
    {
        bytes.extend(word.to_le_bytes());
    }
    // 200 dots an inch, two colours: white and black
    for word in [7874u32, 7874, 2, 2, 0x00FF_FFFF, 0] {
        bytes.extend(word.to_le_bytes());
    }
    for y in (0..side).rev() {
        for byte in 0..row_bytes {
            let bits = (0..8).fold(0u8, |bits, bit| {
                let dark = code.get_module((byte * 8 + bit) / DOTS - QUIET, y / DOTS - QUIET);
                bits << 1 | u8::from(dark)
            });
            bytes.push(bits);
        }
    }
    bytes
}
