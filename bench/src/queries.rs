//! Queries by fields out of the indexes that the server builds, against the same SQL by hand with an index on expressions, in
//! the same file; full text; and how fast indexes are built.

use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use atproto::Nsid;
use find::index::{Built, Content, Order, Reading, Spec};
use find::{Arrangement, Condition, Direction, Field, Find, Scalar, Selection, Test, Words};
use rusqlite::Connection;
use store::{Store, StoreConfig, v};
use tokio_util::sync::CancellationToken;

use crate::report::{Limit, Report, median, percentile};

/// The collection that is asked.
const COLLECTION: &str = "com.example.item";

/// Rows of one statement while filling.
const BATCH: i64 = 50_000;

/// Values of the field that is looked up.
const STATES: i64 = 40;

/// Answers that are measured of each question.
const ANSWERS: i64 = 1_000;

/// Records of a page.
const PAGE: u32 = 20;

/// Fills two indexes, of `few` and of `records` records, and asks them the same.
///
/// # Errors
/// When something cannot be run; a wrong answer is a fault in the report.
pub fn run(dir: &Path, few: u32, records: u32) -> anyhow::Result<Report> {
    let mut report =
        Report::new(format!("Queries by fields on {few} and on {records} records, SQLite, in one process"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut times = Vec::new();
    for count in [few, records] {
        let folder = tempfile::tempdir_in(dir)?;
        times.push(runtime.block_on(measure(folder.path(), count, &mut report))?);
    }
    if let [small, large] = times.as_slice() {
        report.bar("looked up and sorted, p99", large.indexed.p99, Limit::AtMost(5.0), "ms");
        report.bar(
            "the same, many ÷ few records, median",
            large.indexed.p50 / small.indexed.p50,
            Limit::AtMost(2.0),
            "",
        );
        report.bar(
            "the same ÷ SQL by hand, median",
            large.indexed.p50 / large.by_hand.p50,
            Limit::AtMost(3.0),
            "",
        );
    }
    Ok(report)
}

/// What was measured of one size.
struct Times {
    indexed: Spread,
    by_hand: Spread,
}

/// Milliseconds.
#[derive(Clone, Copy)]
struct Spread {
    p50: f64,
    p99: f64,
}

async fn measure(dir: &Path, count: u32, report: &mut Report) -> anyhow::Result<Times> {
    let schemas = [records::SCHEMAS[0], records::SCHEMAS[1], find::SCHEMAS[0]];
    let store = Store::open(&StoreConfig::sqlite(dir), &schemas).await?;
    fill(&store, i64::from(count)).await?;
    let find = Find::new(&store);
    for (name, content) in [("an index of keys", keys()?), ("an index of words", words()?)] {
        let mut specs: Vec<Spec> = find.indexes().await?.into_iter().map(|state| state.spec).collect();
        specs.push(Spec { collection: collection()?, content });
        find.declare(specs).await?;
        let started = Instant::now();
        let built = find.build_next("bench", &CancellationToken::new()).await?;
        if built != Some(Built::Ready(i64::from(count))) {
            report.fault(format!("{name} of {count} records: {built:?}"));
        }
        let rate = f64::from(count) / started.elapsed().as_secs_f64();
        report.figure(format!("{name}, {count} records, built"), rate, "records/s");
    }
    let indexed = ask(&find, report, looked_up).await?;
    report.figure(format!("looked up and sorted, {count} records, median"), indexed.p50, "ms");
    let rare = ask(&find, report, |number| searched(&format!("rare{}", number % 500))).await?;
    report.figure(format!("a rare word, {count} records, median"), rare.p50, "ms");
    report.figure(format!("a rare word, {count} records, p99"), rare.p99, "ms");
    let common =
        ask(&find, report, |number| searched(&format!("word{} \"common text\"", number % 50))).await?;
    report.figure(format!("a common phrase and a word, {count} records, median"), common.p50, "ms");
    report.figure(format!("a common phrase and a word, {count} records, p99"), common.p99, "ms");
    let by_hand = by_hand(&dir.join("index.db"), count, report)?;
    report.figure(format!("the same by hand, {count} records, median"), by_hand.p50, "ms");
    Ok(Times { indexed, by_hand })
}

fn collection() -> anyhow::Result<Nsid> {
    Ok(Nsid::parse(COLLECTION)?)
}

fn state() -> anyhow::Result<Field> {
    Ok(Field::value("state".parse()?))
}

fn made() -> anyhow::Result<Field> {
    Ok(Field { path: "createdAt".parse()?, reading: Reading::Instant })
}

fn keys() -> anyhow::Result<Content> {
    Ok(Content::Keys { equal: vec![state()?], order: Order::By(made()?) })
}

fn words() -> anyhow::Result<Content> {
    Ok(Content::Words { fields: vec!["text".parse()?] })
}

async fn fill(store: &Store, count: i64) -> anyhow::Result<()> {
    const ROWS: &str = "
        WITH RECURSIVE n (i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
        INSERT INTO record_rows (id, collection_id, repo_id, rkey, rev, cid, record, visible, created_at, indexed_at)
        SELECT i, 1, 1 + i % 1000, printf('%013d', i), i, NULL, jsonb(json_object(
            'state', 'state' || (i * 7 % $3),
            'createdAt', strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + (i * 7919) % 9999991, 'unixepoch'),
            'text', printf('a common text about word%d and rare%d in record%d', i * 13 % 50, i * 31 % 5000, i)
        )), 1, i * 1000, i * 1000 FROM n";
    const REPOS: &str = "
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        INSERT INTO repos (id, did) SELECT i, printf('did:plc:%024d', i) FROM n";
    let made = store.index.write::<_, store::Error, _>(move |conn| {
        conn.execute(
            "INSERT INTO collections (id, nsid, records) VALUES (1, $1, $2)",
            &[v(COLLECTION), v(count)],
        )?;
        conn.execute(REPOS, &[])
    });
    made.await?;
    for first in (1..=count).step_by(usize::try_from(BATCH)?) {
        let last = count.min(first + BATCH - 1);
        let rows = move |conn: &mut store::Conn<'_>| conn.execute(ROWS, &[v(first), v(last), v(STATES)]);
        store.index.write::<_, store::Error, _>(rows).await?;
    }
    Ok(())
}

fn everything() -> anyhow::Result<Selection> {
    let order = Arrangement::By(Order::By(made()?), Direction::Descending);
    Ok(Selection {
        collection: collection()?,
        did: None,
        conditions: Vec::new(),
        words: None,
        order,
        limit: PAGE,
        cursor: None,
    })
}

fn looked_up(number: i64) -> anyhow::Result<Selection> {
    let test = Test::AnyOf(vec![Scalar::text(&format!("state{}", number % STATES))]);
    Ok(Selection { conditions: vec![Condition { field: state()?, test }], ..everything()? })
}

fn searched(query: &str) -> anyhow::Result<Selection> {
    let words = Words { fields: vec!["text".parse()?], query: query.parse()? };
    Ok(Selection { words: Some(words), order: Arrangement::Relevance, ..everything()? })
}

async fn ask(
    find: &Find,
    report: &mut Report,
    question: impl Fn(i64) -> anyhow::Result<Selection>,
) -> anyhow::Result<Spread> {
    let mut times = Vec::new();
    let mut found = 0;
    for number in 0..ANSWERS {
        let selection = question(number)?;
        let started = Instant::now();
        let selected = find.select(selection).await?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        found += selected.records.len();
        if selected.explained.index.is_none() {
            report.fault(format!("no index: {:?}", selected.explained));
        }
    }
    if found == 0 {
        report.fault("nothing was found");
    }
    Ok(spread(times))
}

fn by_hand(file: &Path, count: u32, report: &mut Report) -> anyhow::Result<Spread> {
    const INDEX: &str = "
        CREATE INDEX by_hand ON record_rows (record ->> '$.state', record ->> '$.createdAt')
        WHERE collection_id = 1 AND visible = 1";
    const SELECT: &str = "
        SELECT 'at://' || repos.did || '/com.example.item/' || r.rkey, json(r.record)
        FROM record_rows r INDEXED BY by_hand JOIN repos ON repos.id = r.repo_id
        WHERE r.collection_id = 1 AND r.visible = 1 AND r.record ->> '$.state' = ?1
        ORDER BY r.record ->> '$.createdAt' DESC LIMIT ?2";
    let database = Connection::open(file).context("opening the index by hand")?;
    let started = Instant::now();
    database.execute_batch(INDEX)?;
    let rate = f64::from(count) / started.elapsed().as_secs_f64();
    report.figure(
        format!("the same by hand, {count} records, built with all writers waiting"),
        rate,
        "records/s",
    );
    let mut statement = database.prepare(SELECT)?;
    let mut times = Vec::new();
    for number in 0..ANSWERS {
        let started = Instant::now();
        let rows = statement.query_map((format!("state{}", number % STATES), PAGE + 1), |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        if rows.is_empty() {
            report.fault("nothing was found by hand");
        }
    }
    Ok(spread(times))
}

fn spread(mut times: Vec<f64>) -> Spread {
    times.sort_unstable_by(f64::total_cmp);
    Spread { p50: median(times.iter().copied()), p99: percentile(&times, 99).unwrap_or(f64::NAN) }
}
