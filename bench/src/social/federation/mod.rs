//! The microblog among other servers: a note that many read, activities that come in, deliveries that go out.
//!
//! Each stands beside what bounds it in the same run: the route of the shell that does nothing, and what one core verifies and signs.
//! The other servers are this program, on the same cores.

mod delivery;
mod home;
mod inbox;
mod limits;
mod notes;
mod sink;

use std::path::Path;
use std::time::Duration;

use activitypub::signature::{KeyType, PrivateKey};

use self::home::Home;
use self::sink::Sink;
use crate::belvedere::{Belvedere, Network, Server};
use crate::report::{Limit, Report, Table};
use crate::stream::{Frames, Pace, StreamServer};

/// Other servers.
const HOSTS: usize = 400;

/// After so long everything that a start leaves behind has settled.
const SETTLE: Duration = Duration::from_secs(2);

/// Runs the benchmark, each part for about so many seconds.
///
/// # Errors
/// When something cannot be run, or an answer is no success.
pub fn run(binary: &Path, dir: &Path, seconds: u32) -> anyhow::Result<Report> {
    let mut report = Report::new(format!("Federation: one note, {HOSTS} other servers"));
    let place = tempfile::tempdir_in(dir)?;
    let quiet = StreamServer::start(Frames::default().into(), Pace::Unbounded)?;
    let belvedere = Belvedere::new(binary, &place.path().join("data"))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let key = PrivateKey::generate(KeyType::Rsa)?;
    let limits = limits::of_one_core(&key)?;
    let sink = runtime.block_on(Sink::start(HOSTS, &key.public_key()?.to_pem()?))?;
    let mut table = Table::new("", ["/s", "processor µs", "median ms", "p99 ms"]);

    let server = start(&belvedere, quiet.url())?;
    let home = runtime.block_on(Home::register(&server))?;
    let read = runtime.block_on(notes::run(&server, &home, seconds, &mut table))?;
    let taken = runtime.block_on(inbox::run(&server, &home, &sink, &key, seconds, &mut table))?;
    server.stop()?;
    inbox::check(&belvedere, &mut report)?;

    home.follow(&belvedere, &sink)?;
    let server = start(&belvedere, quiet.url())?;
    let sent = runtime.block_on(delivery::run(&server, &home, &sink, seconds, &mut table))?;
    server.stop()?;
    sent.check(&belvedere, &mut report)?;

    report.tables.push(table);
    report.figure("signatures verified by one core", limits.verified, "/s");
    report.figure("signatures made by one core", limits.signed, "/s");
    report.figure("note ÷ nothing", read.note / read.nothing, "×");
    report.figure("taken in ÷ verified by one core", taken.rate / limits.verified, "×");
    report.figure("sent ÷ signed by one core", sent.rate / limits.signed, "×");
    report.bar("note", read.note, Limit::AtLeast(2_000.0), "/s");
    report.bar("note, unchanged", read.unchanged, Limit::AtLeast(2_000.0), "/s");
    report.bar("taken in", taken.rate, Limit::AtLeast(1_000.0), "/s");
    report.bar("sent", sent.rate, Limit::AtLeast(500.0), "/s");
    report.bar("memory after deliveries", sent.megabytes, Limit::AtMost(150.0), "MB");
    Ok(report)
}

fn start<'a>(belvedere: &'a Belvedere, jetstream: &str) -> anyhow::Result<Server<'a>> {
    // All the other servers have the address of one machine.
    let settings = [("AP_INBOX_PER_MINUTE", "0")];
    let server =
        belvedere.serve(Network { apps: "social", settings: &settings, ..Network::of(jetstream) })?;
    std::thread::sleep(SETTLE);
    Ok(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_can_be_measured() {
        // Tests are in target/PROFILE/deps, programs in target/PROFILE.
        let binary = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("belvedere");
        if !binary.is_file() {
            eprintln!("SKIPPED: this test needs the server: run 'cargo build -p belvedere' first");
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let report = run(&binary, dir.path(), 1).unwrap();
        assert!(report.faults.is_empty(), "{report}");
        assert_eq!(report.tables[0].rows.len(), 5, "{report}");
        assert!(report.bars.iter().all(|bar| bar.value.is_finite()), "{report}");
        eprintln!("{report}");
    }
}
