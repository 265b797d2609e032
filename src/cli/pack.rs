//! `pack`: a unit's year as one archive: index, and the files it names.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::args::PackArgs;
use super::failure::{Failure, Outcome};
use super::papers::unwritable;
use super::{Context, online};
use crate::domain::{Digest, Ledger};
use crate::journal::Shelf;
use crate::plain_file;
use crate::report::pack::PackIndex;

/// `pack`; exit code 1 where a file is missing or is not what its digest says
pub fn pack(context: &Context, args: &PackArgs) -> anyhow::Result<Outcome> {
    let data = online::data(context)?;
    let reader = online::reader(context)?;
    let (ledger, head) = (Ledger::fold(reader.read(0))?, reader.head().hash);
    let index = PackIndex::of(&ledger, &args.unit, args.year, head).ok_or_else(|| {
        Failure::refused(format!("there is no unit `{}`", args.unit)).cure("`duban unit list` shows them")
    })?;
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}-{}.zip", args.unit, args.year)));
    // Stored, dated 1980: the same matters give the same bytes, and photographs don't shrink anyway.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut zip =
        ZipWriter::new(BufWriter::new(File::create(&path).map_err(|fault| unwritable(&path, &fault))?));
    for (name, bytes) in [
        ("index.xlsx", index.xlsx()?),
        ("index.html", index.html()?.into_bytes()),
        ("index.json", index.json()?),
    ] {
        zip.start_file(name, options)?;
        zip.write_all(&bytes)?;
    }
    let mut outcome = Outcome::Done;
    for (_, name, file) in index.files() {
        let kept = plain_file::read_unlinked(&data.join(Shelf::Evidence.path(file.digest)), usize::MAX);
        match kept {
            Ok(bytes) if Digest::of(&bytes) == file.digest => {
                zip.start_file(name, options)?;
                zip.write_all(&bytes)?;
            }
            Ok(_) => {
                context.printer.warn(&format!("{name} is not what its digest says, and is left out"));
                outcome = Outcome::Findings;
            }
            Err(fault) => {
                context.printer.warn(&format!("{name} is left out: {fault}"));
                outcome = Outcome::Findings;
            }
        }
    }
    zip.finish()?.flush()?;
    let files: usize = index.items.iter().map(|item| item.files.len()).sum();
    let matters = index.items.len();
    context.printer.text(&format!("{}: {matters} matters, {files} files\n", path.display()))?;
    Ok(outcome)
}
