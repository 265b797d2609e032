//! `pack`: a unit's year as one archive: index, and the files it names.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::Context;
use super::args::PackArgs;
use super::failure::Outcome;
use super::papers::{ending, ends_otherwise, evidence, unwritable};
use crate::locale::message;
use crate::office::papers::Packed;

/// `pack`; exit code 1 where a file is missing or is not what its digest says
pub fn pack(context: &Context, args: PackArgs) -> anyhow::Result<Outcome> {
    if let Some(out) = args.out.as_ref().filter(|out| ending(out) != "zip") {
        return Err(ends_otherwise(out, ".zip").into());
    }
    let shelves = context.shelves()?;
    let Packed { name, index, files, matters } = context.ask(args.ask)?;
    let path = args.out.unwrap_or_else(|| PathBuf::from(name));
    // Stored, dated 1980: the same matters give the same bytes, and photographs don't shrink anyway.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut zip =
        ZipWriter::new(BufWriter::new(File::create(&path).map_err(|fault| unwritable(&path, &fault))?));
    for paper in &index {
        zip.start_file(paper.name.as_str(), options)?;
        zip.write_all(&paper.bytes.0)?;
    }
    let mut outcome = Outcome::Done;
    let count = files.len();
    for (name, digest) in files {
        match evidence(context, &shelves, &name, digest) {
            Some(bytes) => {
                zip.start_file(name, options)?;
                zip.write_all(&bytes)?;
            }
            None => outcome = Outcome::Findings,
        }
    }
    zip.finish()?.flush()?;
    let told = message("packed").with("path", &path.display()).with("matters", &matters);
    let told = context.speech().told(&told.with("files", &count));
    context.printer.text(&format!("{told}\n"))?;
    Ok(outcome)
}
