//! Events whose script failed for good: kept until somebody has looked.

use std::time::Duration;

use clock::{micros, now_micros};
use store::{Conn, Database, Row, v};

use crate::{Error, Input, LabelInput, RecordInput, Trigger};

const COLUMNS: &str =
    "id, script_ref, host_kind, host_id, collection, payload, error, attempts, created_at, resolved_at";

/// How long one is kept after it was resolved.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// Letters that nobody has looked at, at most. What they are about is stored, so of the oldest only the script's say is lost.
const MOST: i64 = 100_000;

/// Removed, or marked, in one transaction.
const CHUNK: u32 = 1_000;

/// A dead letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its number, in the order of time.
    pub id: i64,
    /// The trigger of the script.
    pub script_ref: String,
    /// `record` or `label`.
    pub host_kind: String,
    /// Of a record `NSID:action`; of a label the labeler's DID.
    pub host_id: String,
    /// Where the record is; of a label what comes after the colon of the trigger.
    pub collection: Option<String>,
    /// What the script was given, as JSON.
    pub payload: String,
    /// What went wrong at the last try.
    pub error: String,
    /// Tries.
    pub attempts: i64,
    /// Microseconds.
    pub created_at: i64,
    /// When it was tried with success, or dismissed; microseconds.
    pub resolved_at: Option<i64>,
}

/// Which of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of one collection.
    pub collection: Option<String>,
    /// Those that are resolved, or those that are not.
    pub resolved: Option<bool>,
}

/// The dead letters. Cheap to clone. [`Parked`](crate::Parked) tries them again.
#[derive(Clone)]
pub struct DeadLetters {
    state: Database,
}

impl DeadLetters {
    /// Those in the durable database, which was opened with [`SCHEMA`](crate::SCHEMA).
    #[must_use]
    pub fn new(state: &Database) -> Self {
        Self { state: state.clone() }
    }

    /// The newest first, before the one with the number `before`.
    pub async fn list(
        &self,
        filter: Filter,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<DeadLetter>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM appview_dead_letters
             WHERE id < $1 AND (CAST($2 AS TEXT) IS NULL OR collection = $2) AND (CAST($3 AS BIGINT) IS NULL OR (resolved_at IS NOT NULL) = ($3 = 1))
             ORDER BY id DESC LIMIT $4"
        );
        let rows = self.state.read(move |conn| {
            let resolved = filter.resolved.map(i64::from);
            let values =
                [v(before.unwrap_or(i64::MAX)), v(filter.collection.as_deref()), v(resolved), v(limit)];
            conn.query(&sql, &values, DeadLetter::from_row)
        });
        Ok(rows.await?)
    }

    /// How many there are.
    pub async fn count(&self, filter: Filter) -> Result<i64, Error> {
        const SQL: &str = "
            SELECT count(*) FROM appview_dead_letters
            WHERE (CAST($1 AS TEXT) IS NULL OR collection = $1) AND (CAST($2 AS BIGINT) IS NULL OR (resolved_at IS NOT NULL) = ($2 = 1))";
        let count = self.state.read(move |conn| {
            let values = [v(filter.collection.as_deref()), v(filter.resolved.map(i64::from))];
            conn.query_one(SQL, &values, |row| row.int(0))
        });
        Ok(count.await?)
    }

    /// The one with this number.
    pub async fn get(&self, id: i64) -> Result<Option<DeadLetter>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM appview_dead_letters WHERE id = $1");
        Ok(self.state.read(move |conn| conn.query_opt(&sql, &[v(id)], DeadLetter::from_row)).await?)
    }

    /// Marks it as resolved without doing anything; whether there was one to mark.
    pub async fn dismiss(&self, id: i64) -> Result<bool, Error> {
        Ok(self.state.write(move |conn| resolve(conn, id)).await?)
    }

    /// The same with those that have these numbers; how many there were to mark.
    pub async fn dismiss_all(&self, ids: Vec<i64>) -> Result<u64, Error> {
        let dismiss = move |conn: &mut Conn<'_>| {
            ids.iter().try_fold(0, |sum, id| Ok::<_, store::Error>(sum + u64::from(resolve(conn, *id)?)))
        };
        Ok(self.state.write(dismiss).await?)
    }

    /// The same with all that are there now, of one collection or of every one.
    pub async fn dismiss_open(&self, collection: Option<String>) -> Result<u64, Error> {
        const SQL: &str = "
            UPDATE appview_dead_letters SET resolved_at = $1 WHERE id IN (
                SELECT id FROM appview_dead_letters
                WHERE resolved_at IS NULL AND id <= $2 AND (CAST($3 AS TEXT) IS NULL OR collection = $3)
                ORDER BY id LIMIT $4)";
        let newest = "SELECT max(id) FROM appview_dead_letters";
        let newest = self.state.read(move |conn| conn.query_one(newest, &[], |row| row.opt_int(0))).await?;
        let (newest, mut dismissed) = (newest.unwrap_or_default(), 0);
        loop {
            let collection = collection.clone();
            let chunk = self.state.write(move |conn| {
                conn.execute(SQL, &[v(now_micros()), v(newest), v(collection.as_deref()), v(CHUNK)])
            });
            let chunk = chunk.await?;
            dismissed += chunk;
            if chunk < u64::from(CHUNK) {
                return Ok(dismissed);
            }
        }
    }

    /// Removes those that were resolved more than thirty days before `now`, in microseconds, and of more than a hundred thousand that
    /// were not the oldest; how many.
    pub async fn tidy(&self, now: i64) -> Result<u64, Error> {
        const RESOLVED: &str = "
            DELETE FROM appview_dead_letters WHERE id IN (
                SELECT id FROM appview_dead_letters WHERE resolved_at < $1 ORDER BY resolved_at LIMIT $2)";
        const FIRST_TOO_MANY: &str = "
            SELECT id FROM appview_dead_letters WHERE resolved_at IS NULL ORDER BY id DESC LIMIT 1 OFFSET $1";
        const OLDEST: &str = "
            DELETE FROM appview_dead_letters WHERE id IN (
                SELECT id FROM appview_dead_letters WHERE resolved_at IS NULL AND id <= $1 ORDER BY id LIMIT $2)";
        let resolved = self.remove(RESOLVED, now - micros(KEPT)).await?;
        let first =
            self.state.read(|conn| conn.query_opt(FIRST_TOO_MANY, &[v(MOST)], |row| row.int(0))).await?;
        let Some(first) = first else { return Ok(resolved) };
        let oldest = self.remove(OLDEST, first).await?;
        metrics::counter!("script_dead_letters_lost_total").increment(oldest);
        tracing::warn!(
            lost = oldest,
            "there are too many dead letters; the oldest are gone. Mend the script or dismiss them"
        );
        Ok(resolved + oldest)
    }

    /// Runs a statement of two parameters, `up_to` and how many rows, until there are no more.
    async fn remove(&self, sql: &'static str, up_to: i64) -> Result<u64, Error> {
        let mut removed = 0;
        loop {
            let chunk = self.state.write(move |conn| conn.execute(sql, &[v(up_to), v(CHUNK)])).await?;
            removed += chunk;
            if chunk < u64::from(CHUNK) {
                return Ok(removed);
            }
        }
    }

    /// Writes down that it failed again.
    pub(crate) async fn failed_again(&self, id: i64, error: &str) -> Result<(), Error> {
        let error = error.to_owned();
        let sql = "UPDATE appview_dead_letters SET error = $2, attempts = attempts + 1 WHERE id = $1";
        self.state.write(move |conn| conn.execute(sql, &[v(id), v(&error)])).await?;
        Ok(())
    }
}

impl DeadLetter {
    /// The event, of a record.
    #[must_use]
    pub fn record(&self) -> Option<RecordInput> {
        (self.host_kind == "record").then(|| RecordInput::from_payload(&self.payload)).flatten()
    }

    /// The label.
    #[must_use]
    pub fn label(&self) -> Option<LabelInput> {
        (self.host_kind == "label").then(|| LabelInput::from_payload(&self.payload)).flatten()
    }

    fn from_row(row: &Row<'_>) -> Result<Self, store::Error> {
        Ok(Self {
            id: row.int(0)?,
            script_ref: row.string(1)?,
            host_kind: row.string(2)?,
            host_id: row.string(3)?,
            collection: row.opt_text(4)?.map(str::to_owned),
            payload: row.string(5)?,
            error: row.string(6)?,
            attempts: row.int(7)?,
            created_at: row.int(8)?,
            resolved_at: row.opt_int(9)?,
        })
    }
}

/// Writes down what became of an event, once.
pub(crate) fn insert(
    conn: &mut Conn<'_>,
    event_id: &str,
    script_ref: &str,
    payload: &str,
    error: &str,
    attempts: i64,
) -> Result<(), store::Error> {
    const SQL: &str = "
        INSERT INTO appview_dead_letters
            (event_id, script_ref, host_kind, host_id, collection, payload, error, attempts, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (event_id) DO NOTHING";
    let trigger = script_ref.parse::<Trigger>().ok();
    let host = trigger.and_then(|trigger| Input::read(&trigger, payload)).map(|input| input.host());
    let values = [
        v(event_id),
        v(script_ref),
        v(host.as_ref().map_or("record", |host| host.kind)),
        v(host.as_ref().map_or("", |host| &host.id)),
        v(host.as_ref().map(|host| host.collection.as_str())),
        v(payload),
        v(error),
        v(attempts),
        v(now_micros()),
    ];
    conn.execute(SQL, &values).map(drop)
}

fn resolve(conn: &mut Conn<'_>, id: i64) -> Result<bool, store::Error> {
    let sql = "UPDATE appview_dead_letters SET resolved_at = $2 WHERE id = $1 AND resolved_at IS NULL";
    Ok(conn.execute(sql, &[v(id), v(now_micros())])? > 0)
}
