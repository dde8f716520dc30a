//! What is remembered of statements that take effect once.

use std::time::Duration;

use deadpool_postgres::Client;

use super::failure::classify;
use super::session::Session;
use crate::effect::Effect;
use crate::{Error, Rows};

/// Its table, in a schema the scripts' role cannot enter.
pub(super) const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS scripts_internal.effects (
        source      TEXT   NOT NULL,
        fingerprint TEXT   NOT NULL, -- of text and values
        number      BIGINT NOT NULL, -- how often the run had asked for the same before
        result      TEXT   NOT NULL, -- JSON
        at          BIGINT NOT NULL, -- microseconds
        PRIMARY KEY (source, fingerprint, number)
    );
    CREATE INDEX IF NOT EXISTS effects_by_age ON scripts_internal.effects (at);";

/// After so many effects old ones are looked for.
const PRUNE_EVERY: u32 = 512;

/// Begins a transaction that has the effect to itself: whoever else is about it waits, and finds what is remembered here.
pub(super) async fn begin(session: &Session, effect: &Effect) -> Result<(), Error> {
    session.batch(&format!("BEGIN; SELECT pg_catalog.pg_advisory_xact_lock({})", effect.lock())).await
}

/// What it answered before.
pub(super) async fn find(session: &Session, effect: &Effect) -> Result<Option<Rows>, Error> {
    let sql =
        "SELECT result FROM scripts_internal.effects WHERE source = $1 AND fingerprint = $2 AND number = $3";
    let Effect { source, fingerprint, number } = effect;
    let client = session.client()?;
    let statement = client.prepare_cached(sql).await.map_err(|error| classify(&error))?;
    let row = client.query_opt(&statement, &[source, fingerprint, &i64::from(*number)]).await;
    Ok(row.map_err(|error| classify(&error))?.map(|row| Rows::remembered(row.get(0))))
}

/// Remembers an answer.
pub(super) async fn remember(session: &Session, effect: &Effect, rows: &Rows) -> Result<(), Error> {
    let sql = "INSERT INTO scripts_internal.effects VALUES ($1, $2, $3, $4, $5)";
    let Effect { source, fingerprint, number } = effect;
    let client = session.client()?;
    let statement = client.prepare_cached(sql).await.map_err(|error| classify(&error))?;
    let (number, at) = (i64::from(*number), clock::now_micros());
    client
        .execute(&statement, &[source, fingerprint, &number, &rows.as_str(), &at])
        .await
        .map(drop)
        .map_err(|error| classify(&error))
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
