//! How old an event is when it is committed, at rates far below the limit.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rusqlite::Connection;

use crate::belvedere::{Belvedere, Network, Server};
use crate::report::{Report, Table, percentile};
use crate::stream::{Frames, Pace, StreamServer, now_us};
use crate::synth::{Collection, Event, Parameters, Synth};
use crate::verify;

/// Events per second, and what HappyView 2.8.1 needed at that rate: median and 90th percentile in milliseconds.
const RATES: [(u32, [f64; 2]); 2] = [(50, [2.0, 3.0]), (200, [6.0, 19.0])];
/// From the making of the stream to its first event: the server must be listening by then.
const LEAD: Duration = Duration::from_secs(3);
/// Between two looks at the cursor; the precision of the result.
const LOOK: Duration = Duration::from_micros(300);

/// Sends events in real time for so many seconds per rate.
///
/// # Errors
/// When something cannot be run.
pub fn run(binary: &Path, dir: &Path, seconds: u32) -> anyhow::Result<Report> {
    let mut report = Report::new(format!("Freshness: from the event to its commit, {seconds} s per rate"));
    let mut table = Table::new("ms", ["median", "90 %", "99 %"]);
    for (rate, [peer_median, peer_p90]) in RATES {
        let mut ages = measure(binary, dir, rate, rate * seconds)?;
        ages.sort_unstable();
        let at = |percent| percentile(&ages, percent).map_or(f64::NAN, |age| age.as_secs_f64() * 1e3);
        table.row(format!("{rate} events/s"), [at(50), at(90), at(99)]);
        table.row(format!("{rate} events/s, HappyView elsewhere"), [peer_median, peer_p90, f64::NAN]);
    }
    report.tables.push(table);
    Ok(report)
}

fn measure(binary: &Path, dir: &Path, rate: u32, count: u32) -> anyhow::Result<Vec<Duration>> {
    let dir = tempfile::tempdir_in(dir)?;
    let belvedere = Belvedere::new(binary, &dir.path().join("server"))?;
    belvedere.add_collections(&Collection::ALL)?;
    let start_us = now_us() + i64::try_from(LEAD.as_micros())?;
    let synth = Synth::new(Parameters { rate, start_us, ..Parameters::default() });
    let events: Vec<Event> = (0..i64::from(count)).map(|k| synth.event(k)).collect();
    let source = StreamServer::start(Arc::new(Frames::text(&synth, &events)), Pace::RealTime)?;
    let server = belvedere.serve(Network::of(source.url()))?;
    let index = verify::open(&belvedere.index())?;
    while source.first_subscription().is_none() {
        if now_us() > start_us {
            bail!("the server had not subscribed when the stream began; {}", server.log());
        }
        std::thread::sleep(LOOK);
    }
    let ages = watch(&server, &index, &events)?;
    drop(index);
    server.stop()?;
    Ok(ages)
}

/// From each event's time to the first look at a cursor that covers it.
fn watch(server: &Server<'_>, index: &Connection, events: &[Event]) -> anyhow::Result<Vec<Duration>> {
    let end = events.last().context("no events")?.time_us;
    let patience = Duration::from_micros(u64::try_from(end - now_us())?) + Duration::from_secs(10);
    let started = Instant::now();
    let mut cursor = index.prepare("SELECT coalesce(max(time_us), 0) FROM cursors WHERE at_event = 1")?;
    let mut ages = Vec::with_capacity(events.len());
    while ages.len() < events.len() {
        std::thread::sleep(LOOK);
        let covered: i64 = cursor.query_row([], |row| row.get(0))?;
        let now = now_us();
        let new = events[ages.len()..].iter().take_while(|event| event.time_us <= covered);
        ages.extend(new.map(|event| Duration::from_micros(now.abs_diff(event.time_us))));
        if started.elapsed() > patience {
            bail!("{} of {} events were committed; {}", ages.len(), events.len(), server.log());
        }
    }
    Ok(ages)
}
