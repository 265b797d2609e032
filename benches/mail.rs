//! Letters a second over 1, 4 and 16 connections, each outcome durable in the real journal, beside
//! postfix's smtp-source in the same run: `cargo bench --bench mail`.
//!
//! `cargo bench --bench mail -- long [LETTERS]` sends 100,000 letters in one run, pulls the server
//! away in the middle, gives it back, and counts outcomes, copies and memory.
//!
//! Needs smtp-sink and smtp-source (Debian: postfix). Rounds are interleaved; ratios are of medians.
#![expect(clippy::disallowed_methods, reason = "a bench measures")]
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench prints, and stops where it fails")]

mod post;

use std::time::Duration;

use post::{Office, Sink, memory_mib, smtp_source};

const ROUNDS: usize = 3;
/// Enough for some seconds at one connection.
const LETTERS: usize = 10_000;
const LETTER_BYTES: usize = 4096;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if arguments.next().as_deref() == Some("long") {
        let letters = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(100_000);
        return runtime.block_on(long(letters));
    }
    println!("{LETTERS} letters of {LETTER_BYTES} bytes a round, {ROUNDS} rounds, medians");
    println!("{:>12} {:>14} {:>16} {:>7}", "connections", "duban mails/s", "smtp-source/s", "ratio");
    for connections in [1, 4, 16] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let sink = Sink::start(None);
            theirs.push(smtp_source(sink.port, connections, LETTERS, LETTER_BYTES));
            ours.push(runtime.block_on(round(&sink, connections)));
        }
        let (ours, theirs) = (median(ours), median(theirs));
        println!("{connections:>12} {ours:>14.0} {theirs:>16.0} {:>7.2}", ours / theirs);
    }
}

async fn round(sink: &Sink, connections: usize) -> f64 {
    let office = Office::with(LETTERS, LETTER_BYTES, false).await;
    let running = office.open(sink.port, connections).await;
    office.settled(&running, LETTERS).await;
    running.stop().await.expect("it stops in order");
    let outcomes = office.outcomes();
    assert_eq!(outcomes.accepted, LETTERS, "every letter has its durable outcome");
    outcomes.rate
}

async fn long(letters: usize) {
    println!("{letters} letters of 1024 bytes over 16 connections; preparing");
    let office = Office::with(letters, 1024, true).await;
    let sink = Sink::start(Some(office.dump()));
    let port = sink.port;
    let running = office.open(port, 16).await;
    println!("started: {:.0} MiB", memory_mib());
    office.settled(&running, letters / 2).await;
    println!("half of them settled: {:.0} MiB; the server is pulled away", memory_mib());
    drop(sink);
    tokio::time::sleep(Duration::from_secs(20)).await;
    let relay = running.planner().ledger().read().relay().cloned().expect("the office is told");
    println!("20 s later: {:?}, {}; {:.0} MiB; it is given back", relay.fault, relay.reply, memory_mib());
    let sink = Sink::at(port, Some(office.dump()));
    office.settled(&running, letters).await;
    println!("all settled: {:.0} MiB", memory_mib());
    running.stop().await.expect("it stops in order");
    drop(sink);
    let outcomes = office.outcomes();
    let (copies, different) = office.arrived();
    println!(
        "{} accepted, {} deferred on the way, {} unknown on the way; {different} different letters arrived, {} second copies",
        outcomes.accepted,
        outcomes.deferred,
        outcomes.unknown,
        copies - different
    );
    assert_eq!((outcomes.accepted, different), (letters, letters), "none is lost");
    assert!(copies - different <= outcomes.unknown, "a second copy only where the dot was sent");
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}
