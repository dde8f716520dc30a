//! A job of a running server, seen through the databases it is written down in.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::bail;
use rusqlite::Connection;

use crate::belvedere::{Belvedere, Server};
use crate::verify;

use super::COLLECTION;

/// Without progress for so long, the server hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// A job that was started.
pub(super) struct Job {
    id: String,
    state: Connection,
    index: Connection,
    progress: (i64, Instant),
}

/// A job that has ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) status: String,
    pub(super) failed_repos: i64,
    pub(super) records: i64,
    /// From its being taken up to its end, as the job itself says.
    pub(super) wall: Duration,
}

impl Job {
    pub(super) fn start(belvedere: &Belvedere, mode: &str) -> anyhow::Result<Self> {
        let open = |path: &Path| verify::open(path);
        Ok(Self {
            id: belvedere.start_backfill(COLLECTION, mode)?,
            state: open(&belvedere.data().join("state.db"))?,
            index: open(&belvedere.index())?,
            progress: (0, Instant::now()),
        })
    }

    /// How many records are in the index.
    ///
    /// # Errors
    /// When there are no more for a long time.
    pub(super) fn written(&mut self, server: &Server<'_>) -> anyhow::Result<i64> {
        let sql = "SELECT coalesce(sum(records), 0) FROM collections";
        let written = self.index.query_row(sql, [], |row| row.get(0))?;
        if written > self.progress.0 {
            self.progress = (written, Instant::now());
        } else if self.progress.1.elapsed() > PATIENCE {
            bail!("the backfill stands still after {written} records; {}", server.log());
        }
        Ok(written)
    }

    /// What came of it, if it has ended.
    pub(super) fn ended(&self) -> anyhow::Result<Option<Ended>> {
        let sql = "SELECT status, failed_repos, total_records, completed_at - started_at, completed_at
                   FROM backfill_jobs WHERE id = ?1";
        Ok(self.state.query_row(sql, [&self.id], |row| {
            if row.get::<_, Option<i64>>(4)?.is_none() {
                return Ok(None);
            }
            let micros: Option<i64> = row.get(3)?;
            let micros = micros.and_then(|micros| u64::try_from(micros).ok()).unwrap_or_default();
            Ok(Some(Ended {
                status: row.get(0)?,
                failed_repos: row.get(1)?,
                records: row.get(2)?,
                wall: Duration::from_micros(micros),
            }))
        })?)
    }
}
