//! Garbage collections as rows: who is at it, how far it is, what came of it.
//!
//! One is under way at a time, whoever begins it: another instance, a command, somebody who asks for it. Its row is kept while it goes
//! on; one that nobody has kept for [`TERM`] has died with whoever was at it. This is for order and to be looked at: two that are at it at
//! once do no harm, because each blob is looked at again when it is removed.

use std::time::Duration;

use clock::{micros, now_micros};
use store::{Row, Value, v};

use crate::{Collected, Error, Hold};

/// How long a collection counts as under way after it was last kept.
pub const TERM: Duration = Duration::from_mins(1);

/// Collections that are remembered.
const REMEMBERED: i64 = 100;

/// Bytes of why one did not end well.
const LONGEST: usize = 1000;

const COLUMNS: &str =
    "id, actor, kept_until, started_at, ended_at, blobs, bytes, garbage, freed, young, error";

/// One collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Greater than that of those before it.
    pub id: i64,
    /// Who asked for it; none stands for the server itself.
    pub actor: Option<String>,
    /// In microseconds.
    pub started_at: i64,
    /// In microseconds; none while it goes on, and of one that broke off.
    pub ended_at: Option<i64>,
    /// How far it is, or what came of it.
    pub collected: Collected,
    /// Why it did not end well.
    pub error: Option<String>,
    /// In microseconds.
    kept_until: i64,
}

/// How a collection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Somebody is at it.
    Running,
    /// All was looked at.
    Done,
    /// It ended before.
    Failed,
    /// Whoever was at it has died.
    BrokenOff,
}

/// Who begins one, and why.
#[derive(Debug, Clone, Copy)]
pub struct Begun<'a> {
    /// Names the process. What it was at in an earlier life has broken off.
    pub holder: &'a str,
    /// Who asks for it, if somebody does.
    pub actor: Option<&'a str>,
    /// Nothing is begun if another process has done it since, in microseconds.
    pub unless_since: Option<i64>,
}

impl Run {
    /// How it stands now.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (self.ended_at, &self.error) {
            (Some(_), None) => Standing::Done,
            (Some(_), Some(_)) => Standing::Failed,
            (None, _) if self.kept_until > now_micros() => Standing::Running,
            (None, _) => Standing::BrokenOff,
        }
    }

    fn from_row(row: &Row<'_>) -> Result<Self, store::Error> {
        let number = |column| Ok::<_, store::Error>(row.int(column)?.unsigned_abs());
        Ok(Self {
            id: row.int(0)?,
            actor: row.opt_text(1)?.map(str::to_owned),
            kept_until: row.int(2)?,
            started_at: row.int(3)?,
            ended_at: row.opt_int(4)?,
            collected: Collected {
                blobs: number(5)?,
                bytes: number(6)?,
                garbage: number(7)?,
                freed: number(8)?,
                young: number(9)?,
            },
            error: row.opt_text(10)?.map(str::to_owned),
        })
    }
}

impl Hold {
    /// Begins a collection, and says its number; none if one is under way. To be [kept](Self::keep_run) and [ended](Self::end_run).
    pub async fn begin_run(&self, begun: Begun<'_>) -> Result<Option<i64>, Error> {
        let (holder, actor) = (begun.holder.to_owned(), begun.actor.map(str::to_owned));
        let since = begun.unless_since.unwrap_or(i64::MAX);
        let written = self.inner().state.write(move |conn| {
            let now = now_micros();
            // Whoever was at these has died.
            let sql = "UPDATE hold_collections SET kept_until = 0 WHERE ended_at IS NULL AND holder = $1";
            conn.execute(sql, &[v(&holder)])?;
            // One statement, so that of two who begin at once the number keeps one away.
            let sql = "INSERT INTO hold_collections (id, holder, actor, kept_until, started_at)
                SELECT COALESCE((SELECT MAX(id) FROM hold_collections), 0) + 1, CAST($1 AS TEXT), CAST($2 AS TEXT),
                    CAST($3 AS BIGINT), CAST($4 AS BIGINT)
                WHERE NOT EXISTS (SELECT 1 FROM hold_collections WHERE ended_at IS NULL AND kept_until > $4)
                    AND NOT EXISTS (SELECT 1 FROM hold_collections
                        WHERE holder <> $1 AND ended_at IS NOT NULL AND error IS NULL AND started_at >= $5)
                ON CONFLICT DO NOTHING RETURNING id";
            let actor = actor.as_deref().map_or(Value::Null, v);
            let row = [v(&holder), actor, v(now + micros(TERM)), v(now), v(since)];
            let id = conn.query_opt(sql, &row, |row| row.int(0))?;
            if let Some(id) = id {
                conn.execute("DELETE FROM hold_collections WHERE id <= $1", &[v(id - REMEMBERED)])?;
            }
            Ok::<_, store::Error>(id)
        });
        Ok(written.await?)
    }

    /// Says how far one is. Whether it is under way still: if not, another may be, and whoever is at this one stops.
    pub async fn keep_run(&self, id: i64, collected: &Collected) -> Result<bool, Error> {
        let collected = collected.clone();
        let written = self.inner().state.write(move |conn| {
            let sql = "UPDATE hold_collections
                SET kept_until = $2, blobs = $3, bytes = $4, garbage = $5, freed = $6, young = $7
                WHERE id = $1 AND ended_at IS NULL AND kept_until > 0";
            let until = v(now_micros() + micros(TERM));
            let [blobs, bytes, garbage, freed, young] = numbers(&collected);
            conn.execute(sql, &[v(id), until, blobs, bytes, garbage, freed, young])
        });
        Ok(written.await? == 1)
    }

    /// Says what came of one: why not, where it did not end well.
    pub async fn end_run(&self, id: i64, collected: &Collected, error: Option<&str>) -> Result<(), Error> {
        let (collected, error) =
            (collected.clone(), error.map(|error| error.chars().take(LONGEST).collect::<String>()));
        let written = self.inner().state.write(move |conn| {
            let sql = "UPDATE hold_collections
                SET ended_at = $2, error = $3, blobs = $4, bytes = $5, garbage = $6, freed = $7, young = $8
                WHERE id = $1 AND ended_at IS NULL";
            let error = error.as_deref().map_or(Value::Null, v);
            let [blobs, bytes, garbage, freed, young] = numbers(&collected);
            conn.execute(sql, &[v(id), v(now_micros()), error, blobs, bytes, garbage, freed, young])
        });
        written.await?;
        Ok(())
    }

    /// The newest collections, newest first.
    pub async fn runs(&self, limit: u32) -> Result<Vec<Run>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM hold_collections ORDER BY id DESC LIMIT $1");
        Ok(self.inner().state.read(move |conn| conn.query(&sql, &[v(limit)], Run::from_row)).await?)
    }

    /// The newest that ended well: what was here then.
    pub async fn last_done(&self) -> Result<Option<Run>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM hold_collections WHERE ended_at IS NOT NULL AND error IS NULL ORDER BY id DESC LIMIT 1"
        );
        Ok(self.inner().state.read(move |conn| conn.query_opt(&sql, &[], Run::from_row)).await?)
    }
}

fn numbers(collected: &Collected) -> [Value<'static>; 5] {
    let Collected { blobs, bytes, garbage, freed, young } = collected;
    [blobs, bytes, garbage, freed, young].map(|number| v(number.cast_signed()))
}
