//! The microblog: pages of feeds beside the one query that an exact answer cannot do without.
//!
//! They are asked of the crate, without HTTP: what the shell costs is measured with other queries.

pub mod federation;
mod fill;
mod serve;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use social::feeds::{Source, Span, Wanted, page};
use social::search::{Words, thoughts};
use social::thoughts::load;
use social::{Error, Id};
use store::{Conn, Location, Store, StoreConfig};

use crate::process::{Process, megabytes};
use crate::report::{Limit, Report, Table, percentile};

/// Entries of a page.
const PAGE: usize = 20;

/// Who reads home; the one with the most follows is the first.
const READERS: u32 = 100;

/// The newest entry of each account that somebody follows: no exact home asks less.
const RAW: &str = "SELECT f.followed, (SELECT max(e.id) FROM social_thoughts e WHERE e.user_id = f.followed) AS head
                   FROM social_follows f WHERE f.follower = 1 AND f.state = 'accepted' ORDER BY head DESC LIMIT 20";

/// Runs the benchmark with so many thoughts, each page for so many seconds.
///
/// # Errors
/// When a database cannot be made, or a question not be answered.
pub fn run(dir: &Path, postgres: Option<&str>, count: u32, seconds: u32) -> anyhow::Result<Report> {
    let folder = tempfile::tempdir_in(dir)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let config = match postgres {
        Some(url) => StoreConfig { location: Location::Postgres(url.to_owned()), max_connections: 4 },
        None => StoreConfig::sqlite(folder.path()),
    };
    let store = runtime.block_on(Store::open(&config, &[&social::SCHEMA]))?;
    runtime.block_on(fill::fill(&store.state, i64::from(count)))?;
    let mut report = Report::new(format!(
        "Microblog on {}: {count} thoughts, {} people, {} follows, pages of {PAGE}",
        config.location.display().split(':').next().unwrap_or_default(),
        fill::PEOPLE,
        fill::FOLLOWS
    ));
    let mut table = Table::new("pages", ["median ms", "p99 ms"]);
    let state = &store.state;
    let duration = Duration::from_secs(seconds.into());
    let mut ask = |name: &str, question: fn(&mut Conn<'_>, u32) -> Result<usize, Error>| {
        let times = runtime.block_on(state.read(move |conn| times(conn, duration, question)))?;
        let [median, slowest] =
            [50, 99].map(|percent| percentile(&times, percent).map_or(f64::NAN, milliseconds));
        table.row(name, [median, slowest]);
        anyhow::Ok((median, slowest))
    };
    let raw = ask("newest of 1,000 follows, raw", |conn, _| {
        Ok(conn.query(RAW, &[], |row| Ok::<_, Error>(row.int(0)?))?.len())
    })?;
    let home = ask("home, 1,000 follows", |conn, _| feed(conn, Source::Home(Id(1)), Span::default()))?;
    let older = ask("home, 1,000 follows, older", |conn, n| {
        feed(conn, Source::Home(Id(1)), Span::below(fill::id(i64::from(n % 997) * 1_000)))
    })?;
    ask("home, 49 follows", |conn, n| {
        feed(conn, Source::Home(Id(i64::from(2 + n % READERS))), Span::default())
    })?;
    ask("local", |conn, _| feed(conn, Source::Local, Span::default()))?;
    ask("of somebody", |conn, n| {
        feed(conn, Source::Of { user: Id(i64::from(1 + n % READERS)), boosts: true }, Span::default())
    })?;
    let found = ask("found, in every thought", |conn, _| search(conn, "thought"))?;
    ask("found, in few", |conn, n| search(conn, &format!("number {}", n % 1_000 + 1)))?;
    report.tables.push(table);
    report.bar("home with 1,000 follows, p99", home.1.max(older.1), Limit::AtMost(10.0), "ms");
    report.bar("search, p99", found.1, Limit::AtMost(100.0), "ms");
    report.figure("home ÷ raw, medians", home.0 / raw.0, "×");
    report.bar("memory", megabytes(Process::current().anonymous_memory()?), Limit::AtMost(150.0), "MB");
    Ok(report)
}

/// The server itself, with half a million follows.
///
/// # Errors
/// When it does not start, or a request is refused.
pub fn served(binary: &Path, dir: &Path, seconds: u32) -> anyhow::Result<Report> {
    serve::run(binary, dir, seconds)
}

/// How long each of many questions took, sorted. The first one warms up and is not counted.
fn times(
    conn: &mut Conn<'_>,
    duration: Duration,
    question: fn(&mut Conn<'_>, u32) -> Result<usize, Error>,
) -> Result<Vec<Duration>, Error> {
    black_box(question(conn, 0)?);
    let (begin, mut times) = (Instant::now(), Vec::new());
    for n in 1.. {
        let asked = Instant::now();
        black_box(question(conn, n)?);
        times.push(asked.elapsed());
        if begin.elapsed() > duration {
            break;
        }
    }
    times.sort_unstable();
    Ok(times)
}

fn feed(conn: &mut Conn<'_>, source: Source, span: Span) -> Result<usize, Error> {
    let viewer = Some(Id(1));
    let viewer = if let Source::Home(reader) = source { Some(reader) } else { viewer };
    let found = page(conn, source, viewer, fill::NOW, span, PAGE, Wanted::default())?;
    let ids: Vec<Id> = found.entries.iter().map(|entry| entry.thought).collect();
    Ok(load(conn, viewer, &ids)?.len())
}

fn search(conn: &mut Conn<'_>, question: &str) -> Result<usize, Error> {
    let words = Words::read(question)?;
    let found = thoughts(conn, Some(Id(1)), fill::NOW, &words, Span::default(), (0, PAGE))?;
    Ok(load(conn, Some(Id(1)), &found)?.len())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_a_small_library_are_full() {
        let dir = tempfile::tempdir().unwrap();
        let report = run(dir.path(), None, 20_000, 1).unwrap();
        assert_eq!(report.tables[0].rows.len(), 8, "{report}");
        assert!(
            report.tables[0].rows.iter().all(|row| row.values.iter().all(|value| value.is_finite())),
            "{report}"
        );
    }
}
