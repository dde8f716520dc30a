//! What is remembered of statements that take effect once.

use std::collections::HashSet;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::classify;
use super::link::Link;
use crate::script_db::Request;
use crate::statement::Kind;
use crate::{EffectKey, Error, Rows, telemetry};

/// Its table, which scripts do not see.
pub(crate) const EFFECTS: &str = "belvedere_effects";

/// After so many effects old ones are looked for.
const PRUNE_EVERY: u32 = 512;

pub(super) fn create_table(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {EFFECTS} (
            source      TEXT    NOT NULL,
            seq         INTEGER NOT NULL,
            number      INTEGER NOT NULL, -- which statement of the run
            fingerprint TEXT    NOT NULL, -- of text and values
            result      TEXT    NOT NULL, -- JSON
            at          INTEGER NOT NULL, -- microseconds
            PRIMARY KEY (source, seq, number)
         ) STRICT;
         CREATE INDEX IF NOT EXISTS {EFFECTS}_by_age ON {EFFECTS} (at);"
    ))
}

impl Link {
    pub(super) fn run_once(
        &self,
        request: &Request,
        (key, fingerprint): &(EffectKey, String),
        tables: Arc<HashSet<String>>,
    ) -> Result<Rows, Error> {
        if let Some(rows) = self.effect(key, fingerprint)? {
            telemetry::remembered();
            return Ok(rows);
        }
        // What only reads is remembered at the latest with the next write, which is the first that would miss it: the log
        // is written in order.
        let synchronous = if request.statement.kind == Kind::Read { "NORMAL" } else { "FULL" };
        self.conn.pragma_update(None, "synchronous", synchronous).map_err(|error| classify(&error))?;
        let result = self.in_transaction(|| {
            let rows = self.rows(request, tables)?;
            self.remember(key, fingerprint, &rows)?;
            Ok(rows)
        });
        self.conn.pragma_update(None, "synchronous", "FULL").map_err(|error| classify(&error))?;
        if result.is_ok() && rand::random_ratio(1, PRUNE_EVERY) {
            self.prune_effects();
        }
        result
    }

    fn effect(&self, key: &EffectKey, fingerprint: &str) -> Result<Option<Rows>, Error> {
        let sql = format!(
            "SELECT result FROM {EFFECTS} WHERE source = $1 AND seq = $2 AND number = $3 AND fingerprint = $4"
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                let key = params![key.source, key.seq, key.number, fingerprint];
                statement.query_row(key, |row| row.get(0)).optional()
            })
            .map(|json| json.map(Rows::remembered))
            .map_err(|error| classify(&error))
    }

    fn remember(&self, key: &EffectKey, fingerprint: &str, rows: &Rows) -> Result<(), Error> {
        let sql = format!("INSERT OR REPLACE INTO {EFFECTS} VALUES ($1, $2, $3, $4, $5, $6)");
        let values =
            params![key.source, key.seq, key.number, fingerprint, rows.as_str(), clock::now_micros()];
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.execute(values))
            .map(drop)
            .map_err(|error| classify(&error))
    }

    pub(super) fn forget_effects(&self, source: &str, seq: i64) -> Result<u64, Error> {
        let sql = format!("DELETE FROM {EFFECTS} WHERE source = $1 AND seq < $2");
        let forgotten = self.conn.execute(&sql, params![source, seq]).map_err(|error| classify(&error))?;
        Ok(forgotten as u64)
    }

    /// Forgets what is older than anything that is still run again. What fails is done another time.
    pub(super) fn prune_effects(&self) {
        let before = clock::now_micros().saturating_sub(clock::micros(self.limits.effects_kept));
        let sql = format!("DELETE FROM {EFFECTS} WHERE at < $1");
        if let Err(error) = self.conn.execute(&sql, [before]) {
            tracing::warn!(%error, "forgetting old effects of scripts");
        }
    }
}
