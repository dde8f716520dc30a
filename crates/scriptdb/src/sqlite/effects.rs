//! What is remembered of statements that take effect once.

use std::collections::HashSet;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};

use super::failure::classify;
use super::link::Link;
use crate::effect::Effect;
use crate::script_db::Request;
use crate::statement::Kind;
use crate::{Error, Rows, telemetry};

/// Its table, which scripts do not see.
pub(crate) const EFFECTS: &str = "belvedere_effects";

/// After so many effects old ones are looked for.
const PRUNE_EVERY: u32 = 512;

pub(super) fn create_table(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {EFFECTS} (
            source      TEXT    NOT NULL,
            fingerprint TEXT    NOT NULL, -- of text and values
            number      INTEGER NOT NULL, -- how often the run had asked for the same before
            result      TEXT    NOT NULL, -- JSON
            at          INTEGER NOT NULL, -- microseconds
            PRIMARY KEY (source, fingerprint, number)
         ) STRICT;
         CREATE INDEX IF NOT EXISTS {EFFECTS}_by_age ON {EFFECTS} (at);"
    ))
}

impl Link {
    pub(super) fn run_once(
        &self,
        request: &Request,
        effect: &Effect,
        tables: Arc<HashSet<String>>,
    ) -> Result<Rows, Error> {
        if let Some(rows) = self.remembered(effect)? {
            telemetry::remembered();
            return Ok(rows);
        }
        // What only reads is remembered at the latest with the next write, which is the first that would miss it: the log
        // is written in order.
        let synchronous = if request.statement.kind == Kind::Read { "NORMAL" } else { "FULL" };
        self.conn.pragma_update(None, "synchronous", synchronous).map_err(|error| classify(&error))?;
        let result = self.in_transaction(|| {
            let rows = self.rows(request, tables)?;
            self.remember(effect, &rows)?;
            Ok(rows)
        });
        self.conn.pragma_update(None, "synchronous", "FULL").map_err(|error| classify(&error))?;
        if result.is_ok() && rand::random_ratio(1, PRUNE_EVERY) {
            self.prune_effects();
        }
        result
    }

    fn remembered(&self, Effect { source, fingerprint, number }: &Effect) -> Result<Option<Rows>, Error> {
        let sql =
            format!("SELECT result FROM {EFFECTS} WHERE source = $1 AND fingerprint = $2 AND number = $3");
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement.query_row(params![source, fingerprint, number], |row| row.get(0)).optional()
            })
            .map(|json| json.map(Rows::remembered))
            .map_err(|error| classify(&error))
    }

    fn remember(&self, effect: &Effect, rows: &Rows) -> Result<(), Error> {
        let sql = format!("INSERT INTO {EFFECTS} VALUES ($1, $2, $3, $4, $5)");
        let Effect { source, fingerprint, number } = effect;
        let values = params![source, fingerprint, number, rows.as_str(), clock::now_micros()];
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.execute(values))
            .map(drop)
            .map_err(|error| classify(&error))
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
