//! `backup` and `restore`: of a data directory, whether its daemon runs or not.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::Context;
use super::args::{BackupArgs, RestoreArgs};
use super::failure::Outcome;
use super::online::data;
use super::words;
use crate::journal;

/// `backup`
pub(super) fn backup(context: &Context, args: &BackupArgs) -> anyhow::Result<Outcome> {
    // Keys lie apart from what they protect.
    let secrets = args.with_secrets.then(|| {
        let mut beside = args.into.clone().into_os_string();
        beside.push("-secrets");
        PathBuf::from(beside)
    });
    let report = journal::backup(&data(context)?, &args.into, secrets.as_deref())?;
    let (events, files) = (count(report.events, "event"), count(report.files, "attached file"));
    let mut text = format!("{events} and {files}, {} bytes, are in {}\n", report.bytes, args.into.display());
    if let Some(secrets) = secrets {
        let _ = writeln!(text, "the secrets are in {}: keep them apart", secrets.display());
    }
    context.printer.text(&text)?;
    if let Some(why) = &report.open_to_others {
        context.printer.warn(&format!(
            "others can read {0}, where letters, persons and addresses lie: {why}; `chmod o-rwx {0}`, or name a directory of your own",
            args.into.display()
        ));
    }
    if !report.noted {
        context.printer.warn(
            "the data directory can't be written by this account: `duban doctor` will not know of this backup",
        );
    }
    Ok(Outcome::Done)
}

/// `restore`
pub(super) fn restore(context: &Context, args: &RestoreArgs) -> anyhow::Result<Outcome> {
    let data = data(context)?;
    let restored = journal::restore(&args.from, &data)?;
    let events = count(restored.events, "event");
    context.printer.text(&format!(
        "{events} are in {}, and every hash fits; `duban serve` goes on from there\n",
        data.display()
    ))?;
    Ok(Outcome::Done)
}

fn count(number: u64, one: &str) -> String {
    words::count(usize::try_from(number).unwrap_or(usize::MAX), one)
}
