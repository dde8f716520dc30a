//! What is remembered of statements that take effect once.

use std::time::Duration;

use deadpool_postgres::Client;

use super::failure::classify;
use super::session::Session;
use crate::{EffectKey, Error, Rows};

/// Its table, in a schema the scripts' role cannot enter.
pub(super) const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS scripts_internal.effects (
        source      TEXT   NOT NULL,
        seq         BIGINT NOT NULL,
        number      BIGINT NOT NULL, -- which statement of the run
        fingerprint TEXT   NOT NULL, -- of text and values
        result      TEXT   NOT NULL, -- JSON
        at          BIGINT NOT NULL, -- microseconds
        PRIMARY KEY (source, seq, number)
    );
    CREATE INDEX IF NOT EXISTS effects_by_age ON scripts_internal.effects (at);";

/// After so many effects old ones are looked for.
const PRUNE_EVERY: u32 = 512;

/// Begins a transaction that has the key to itself: whoever else has it waits, and finds what is remembered here.
pub(super) async fn begin(session: &Session, key: &EffectKey) -> Result<(), Error> {
    session.batch(&format!("BEGIN; SELECT pg_catalog.pg_advisory_xact_lock({})", key.lock())).await
}

/// What this statement answered under this key.
pub(super) async fn find(
    session: &Session,
    key: &EffectKey,
    fingerprint: &str,
) -> Result<Option<Rows>, Error> {
    let sql = "SELECT result FROM scripts_internal.effects
        WHERE source = $1 AND seq = $2 AND number = $3 AND fingerprint = $4";
    let client = session.client()?;
    let statement = client.prepare_cached(sql).await.map_err(|error| classify(&error))?;
    let row = client
        .query_opt(&statement, &[&key.source, &key.seq, &i64::from(key.number), &fingerprint])
        .await
        .map_err(|error| classify(&error))?;
    Ok(row.map(|row| Rows::remembered(row.get(0))))
}

/// Remembers an answer.
pub(super) async fn remember(
    session: &Session,
    key: &EffectKey,
    fingerprint: &str,
    rows: &Rows,
) -> Result<(), Error> {
    let sql = "INSERT INTO scripts_internal.effects VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (source, seq, number) DO UPDATE
            SET fingerprint = excluded.fingerprint, result = excluded.result, at = excluded.at";
    let client = session.client()?;
    let statement = client.prepare_cached(sql).await.map_err(|error| classify(&error))?;
    let (number, at) = (i64::from(key.number), clock::now_micros());
    client
        .execute(&statement, &[&key.source, &key.seq, &number, &fingerprint, &rows.as_str(), &at])
        .await
        .map(drop)
        .map_err(|error| classify(&error))
}

pub(super) async fn forget(client: &Client, source: &str, seq: i64) -> Result<u64, Error> {
    let sql = "DELETE FROM scripts_internal.effects WHERE source = $1 AND seq < $2";
    client.execute(sql, &[&source, &seq]).await.map_err(|error| classify(&error))
}

/// Whether it is time to prune: one effect in many does it.
pub(super) fn is_time_to_prune() -> bool {
    rand::random_ratio(1, PRUNE_EVERY)
}

/// Forgets what is older than anything that is still run again.
pub(super) async fn prune(client: &Client, kept: Duration) -> Result<(), Error> {
    let before = clock::now_micros().saturating_sub(clock::micros(kept));
    let sql = "DELETE FROM scripts_internal.effects WHERE at < $1";
    client.execute(sql, &[&before]).await.map(drop).map_err(|error| classify(&error))
}
