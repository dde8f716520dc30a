//! Forgetting labels that nobody needs any more.

use std::collections::BTreeSet;
use std::time::Duration;

use clock::{micros, now_micros};
use store::{Conn, Database, Engine, v};
use tokio_util::sync::CancellationToken;

use crate::{Error, Labels, source};

/// Between two rounds.
const PERIOD: Duration = Duration::from_hours(1);

/// How long a label may be here before its record is, and how long a negation is remembered: longer than anything that
/// belongs together is apart on its way.
const GRACE: Duration = Duration::from_hours(1);

/// Rows looked at per transaction, so that nobody waits long.
const CHUNK: i64 = 2_000;

/// Collects every hour until the token is cancelled.
pub async fn maintain(labels: Labels, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(PERIOD) => {}
        }
        match labels.collect(now_micros()).await {
            Ok(removed) => tracing::debug!(removed, "labels collected"),
            Err(error) => tracing::warn!(%error, "collecting labels; it will be tried again"),
        }
    }
}

impl Labels {
    /// Removes what has expired at `now` (microseconds), what is said of records that are not in the index, what labelers
    /// that were removed have left behind, and negations that have done their work; the number of rows. Labels of accounts
    /// stay.
    pub async fn collect(&self, now: i64) -> Result<u64, Error> {
        const EXPIRED: &str = "
            DELETE FROM label_rows WHERE id IN (SELECT id FROM label_rows WHERE exp_us <= $1 LIMIT $2)";
        const NEGATED: &str = "
            DELETE FROM label_rows WHERE id IN (SELECT id FROM label_rows WHERE neg = 1 AND stored_at <= $1 LIMIT $2)";
        let settled = now - micros(GRACE);
        self.disown_strangers().await?;
        let mut removed = sweep_disowned(&self.index).await?;
        for (sql, before) in [(EXPIRED, now), (NEGATED, settled)] {
            removed += repeatedly(&self.index, move |conn| conn.execute(sql, &[v(before), v(CHUNK)])).await?;
        }
        Ok(removed + self.collect_unindexed(settled).await?)
    }

    /// Finishes what a removal that was interrupted has begun: labelers without a subscription keep no labels.
    async fn disown_strangers(&self) -> Result<(), Error> {
        const SOURCES: &str = "SELECT did FROM label_sources WHERE did IS NOT NULL";
        const LABELERS: &str = "SELECT did FROM labelers";
        // In this order: a source is only ever made for a labeler that is there.
        let sources =
            self.index.read(|conn| conn.query::<_, store::Error>(SOURCES, &[], |row| row.string(0))).await?;
        let labelers =
            self.state.read(|conn| conn.query::<_, store::Error>(LABELERS, &[], |row| row.string(0))).await?;
        let labelers: BTreeSet<_> = labelers.into_iter().collect();
        for did in sources.into_iter().filter(|did| !labelers.contains(did)) {
            self.index.write(move |conn| source::disown(conn, &did)).await?;
        }
        Ok(())
    }

    async fn collect_unindexed(&self, settled: i64) -> Result<u64, Error> {
        const LAST_OF_CHUNK: &str = "
            SELECT max(id) FROM (SELECT id FROM label_rows WHERE id > $1 ORDER BY id LIMIT $2) AS chunk";
        let (mut removed, mut from) = (0, 0);
        loop {
            let last = self.index.read(move |conn| {
                conn.query_one::<_, store::Error>(LAST_OF_CHUNK, &[v(from), v(CHUNK)], |row| row.opt_int(0))
            });
            let Some(to) = last.await? else { return Ok(removed) };
            removed += self.index.write(move |conn| delete_unindexed(conn, from, to, settled)).await?;
            from = to;
        }
    }
}

/// Deletes what is said of records that are not there, among the rows after `from` up to `to`. A record of an account that
/// is hidden for now is there.
fn delete_unindexed(conn: &mut Conn<'_>, from: i64, to: i64, settled: i64) -> Result<u64, store::Error> {
    // Two bodies, because the engines take text apart differently. The look-up of the record is a scalar, so that it is
    // made through the index for each row however many records there are.
    const SQLITE: &str = "
        WITH
            candidates AS (
                SELECT id, substr(uri, 6) AS rest FROM label_rows
                WHERE id > $1 AND id <= $2 AND stored_at <= $3 AND neg = 0 AND uri LIKE 'at://%/%/%'),
            repositories AS (
                SELECT id, substr(rest, 1, instr(rest, '/') - 1) AS did, substr(rest, instr(rest, '/') + 1) AS path
                FROM candidates),
            subjects AS (
                SELECT id, did, substr(path, 1, instr(path, '/') - 1) AS nsid, substr(path, instr(path, '/') + 1) AS rkey
                FROM repositories)
        DELETE FROM label_rows WHERE id IN (
            SELECT id FROM subjects
            WHERE (SELECT r.id FROM record_rows r
                   WHERE r.collection_id = (SELECT c.id FROM collections c WHERE c.nsid = subjects.nsid)
                     AND r.repo_id = (SELECT repos.id FROM repos WHERE repos.did = subjects.did)
                     AND r.rkey = subjects.rkey AND r.record IS NOT NULL) IS NULL)";
    const POSTGRES: &str = "
        DELETE FROM label_rows
        WHERE id > $1 AND id <= $2 AND stored_at <= $3 AND neg = 0 AND uri LIKE 'at://%/%/%'
          AND (SELECT r.id FROM record_rows r
               WHERE r.collection_id = (SELECT c.id FROM collections c WHERE c.nsid = split_part(label_rows.uri, '/', 4))
                 AND r.repo_id = (SELECT repos.id FROM repos WHERE repos.did = split_part(label_rows.uri, '/', 3))
                 AND r.rkey = split_part(label_rows.uri, '/', 5) AND r.record IS NOT NULL) IS NULL";
    let sql = match conn.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    conn.execute(sql, &[v(from), v(to), v(settled)])
}

/// Deletes the labels of sources that have lost their name, and then the sources.
pub(crate) async fn sweep_disowned(index: &Database) -> Result<u64, Error> {
    const LABELS: &str = "
        DELETE FROM label_rows WHERE id IN (
            SELECT id FROM label_rows
            WHERE source_id IN (SELECT id FROM label_sources WHERE did IS NULL) LIMIT $1)";
    const SOURCES: &str = "
        DELETE FROM label_sources
        WHERE did IS NULL AND NOT EXISTS (SELECT 1 FROM label_rows WHERE source_id = label_sources.id)";
    let removed = repeatedly(index, |conn| conn.execute(LABELS, &[v(CHUNK)])).await?;
    index.write(|conn| conn.execute(SOURCES, &[])).await?;
    Ok(removed)
}

/// Deletes in short transactions until there is nothing left to delete; the number of rows.
async fn repeatedly(
    index: &Database,
    delete: impl Fn(&mut Conn<'_>) -> Result<u64, store::Error> + Clone + Send + 'static,
) -> Result<u64, Error> {
    let mut removed = 0;
    loop {
        match index.write(delete.clone()).await? {
            0 => return Ok(removed),
            chunk => removed += chunk,
        }
    }
}
