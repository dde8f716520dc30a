//! Memory does not grow with the tables.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use store::dump::{self, Existing, WithoutScripts};
use store::{Engine, Migration, Schema, Tier, v};

use super::SCHEMAS;

/// Rows of 100 KB that do not compress.
const ROWS: usize = 200;

/// What is kept back on the way: a statement's worth of rows, a window of the compressor, a few buffers.
const MOST: usize = 12 << 20;

/// What SQLite keeps in memory of a database that is written.
const PAGES: usize = 32 << 20;

static LARGE: Schema = Schema {
    name: "large",
    tier: Tier::State,
    tables: &["large"],
    migrations: &[Migration {
        id: 1,
        name: "large",
        sqlite: "CREATE TABLE large (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT",
        postgres: "CREATE TABLE large (id BIGINT PRIMARY KEY, text TEXT NOT NULL)",
    }],
};

fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    })
    .take(12_500)
    .flatten()
    .collect()
}

/// Bytes of this process that are in memory and in no file.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// A file, and how much memory was used at most while it was written or read.
struct Watched {
    file: File,
    peak: Arc<AtomicUsize>,
}

impl Watched {
    fn new(file: File) -> (Self, Arc<AtomicUsize>) {
        let peak = Arc::new(AtomicUsize::new(0));
        (Self { file, peak: Arc::clone(&peak) }, peak)
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.peak.fetch_max(memory(), Ordering::Relaxed);
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Read for Watched {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        self.peak.fetch_max(memory(), Ordering::Relaxed);
        self.file.read(bytes)
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.file.seek(to)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_megabytes_pass_through_a_few() {
    for (from, to) in testkit::databases().await.into_iter().zip(testkit::databases().await) {
        let (from, to) = (from.open(SCHEMAS).await, to.open(SCHEMAS).await);
        for row in 0..ROWS {
            let insert = from.state.write(move |c| {
                let noise = noise(row as u64);
                c.execute(
                    "INSERT INTO value (key, \"blob\") VALUES ($1, $2)",
                    &[v(&row.to_string()), v(&noise)],
                )
            });
            insert.await.unwrap();
        }
        let before = memory();
        let (file, peak) = Watched::new(tempfile::tempfile().unwrap());
        let (summary, written) =
            dump::write(&from.state, "0.1.0", 0, file, WithoutScripts, |_| {}).await.unwrap();
        assert_eq!(summary.tables["value"], ROWS as u64);
        assert!(written.file.metadata().unwrap().len() > 20_000_000);
        let grown = peak.load(Ordering::Relaxed).saturating_sub(before);
        assert!(grown < MOST, "writing took {grown} bytes");

        let before = memory();
        let (file, peak) = Watched::new(written.file);
        dump::restore(&to.state, SCHEMAS, file, Existing::Keep, WithoutScripts).await.unwrap();
        let grown = peak.load(Ordering::Relaxed).saturating_sub(before);
        assert!(grown < PAGES + MOST, "restoring took {grown} bytes");
        let sum = "SELECT CAST(sum(length(\"blob\")) AS BIGINT) FROM value";
        let bytes = to.state.read(move |c| c.query_one(sum, &[], |row| row.int(0)));
        assert_eq!(bytes.await.unwrap(), 20_000_000);
    }
}

/// What only clients of the relay can read may be of control characters: each takes six bytes.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_far_longer_as_a_line_comes_back() {
    const ROW: usize = 16 << 20;
    let text = "\u{1}".repeat(ROW);
    for (from, to) in testkit::databases().await.into_iter().zip(testkit::databases().await) {
        let (from, to) = (from.open(&[&LARGE]).await, to.open(&[&LARGE]).await);
        let row = text.clone();
        let insert = "INSERT INTO large (id, text) VALUES (1, $1)";
        from.state.write(move |c| c.execute(insert, &[v(&row)])).await.unwrap();
        let before = memory();
        let (file, peak) = Watched::new(tempfile::tempfile().unwrap());
        let (_, written) = dump::write(&from.state, "0.1.0", 0, file, WithoutScripts, |_| {}).await.unwrap();
        if from.state.engine() == Engine::Sqlite {
            let grown = peak.load(Ordering::Relaxed).saturating_sub(before);
            assert!(grown < ROW + MOST + PAGES, "the row is in memory, its line is not: {grown} bytes");
        }
        dump::restore(&to.state, &[&LARGE], written.file, Existing::Keep, WithoutScripts).await.unwrap();
        let texts = to.state.read(|c| c.query("SELECT text FROM large", &[], |row| row.string(0)));
        assert!(texts.await.unwrap() == [text.as_str()], "the same, on {}", to.state.engine().name());
    }
}
