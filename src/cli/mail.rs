//! `mail test`: one letter to the relay, told step by step.

use std::time::Duration;

use tokio::runtime::Builder;
use uuid::Uuid;

use super::Context;
use super::args::{MailCommand, MailTestArgs};
use super::failure::{Failure, Outcome};
use super::files;
use super::print::Ink;
use crate::clock::Clock;
use crate::config::{Config, Mail, Smtp};
use crate::domain::{Digest, Envelope, LetterId, Recipient};
use crate::letter;
use crate::mail::smtp::{Failed, Patience, Told, cure, trial};

/// A person waits: nothing is waited for as long as the daemon would.
const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(10),
    answer: Duration::from_secs(30),
    body: Duration::from_mins(1),
    dot: Duration::from_mins(2),
};

/// `mail …`
pub(super) fn mail(context: &Context, command: &MailCommand) -> anyhow::Result<Outcome> {
    match command {
        MailCommand::Test(args) => test(context, args),
    }
}

fn test(context: &Context, args: &MailTestArgs) -> anyhow::Result<Outcome> {
    let config = Config::load(context.given())?;
    let Mail::Smtp(smtp) = config.mail else {
        let cure = "set `mail = { smtp = \"smtp://…\" }` in duban.toml; every key stands in deploy/duban.example.toml";
        return Err(Failure::refused("letters go into a folder: there is no relay to test")
            .cure(cure)
            .into());
    };
    let envelope = letter(context, &smtp, &args.to)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    match runtime.block_on(dialogue(context, smtp, envelope))? {
        Ok(words) => {
            let told = context.printer.ink(Ink::Good, "the relay took the letter");
            context.printer.text(&format!(
                "{told}: {words}\nWhether it arrives, only the mailbox shows: look into it, and into its junk folder.\n"
            ))?;
            Ok(Outcome::Done)
        }
        Err(failed) => {
            let words = format!("{}: {}", failed.step, failed.trouble);
            Err(Failure::refused(words).maybe_cure(cure(&failed).map(str::to_owned)).into())
        }
    }
}

fn letter(context: &Context, smtp: &Smtp, to: &str) -> anyhow::Result<Envelope> {
    let office = files::declared(&context.global, &context.printer)?.office;
    let from = smtp.from.clone().unwrap_or_else(|| office.from.clone());
    let now = Clock::Wall.now();
    let message_id = format!("test.{}@duban", Digest::of(Uuid::new_v4().as_bytes()).short(32));
    let bytes = letter::trial(&message_id, now, (&office.name, &from), to)
        .map_err(|fault| Failure::refused(fault.to_string()))?;
    let envelope = Envelope {
        letter: LetterId { day: now.date_naive(), number: 0 },
        message_id,
        to: Recipient::Unit(office.supervision_unit.clone()),
        address: to.to_owned(),
        from,
        bytes,
    };
    Ok(envelope)
}

async fn dialogue(
    context: &Context,
    smtp: Smtp,
    envelope: Envelope,
) -> anyhow::Result<Result<String, Failed>> {
    let mut running = trial(smtp, PATIENCE, envelope);
    while let Some(Told { step, words }) = running.steps.recv().await {
        context.printer.text(&context.printer.hanging(&format!("  {step:<11}"), &words))?;
    }
    Ok(running.ended.await?)
}
