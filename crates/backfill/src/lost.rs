//! Noticing that the index was lost, with all that jobs had fetched into it.

use records::Records;
use store::{Store, v};

use crate::JobError;

/// Whether jobs have fetched history into another index than this one and none has completed on this one: what they
/// fetched is gone, because the database of the index is, or because the jobs came here in a backup.
pub async fn is_index_lost(store: &Store) -> Result<bool, JobError> {
    const SQL: &str = "
        SELECT CAST(count(*) AS BIGINT) FROM backfill_jobs
        WHERE index_id <> $1
          AND NOT EXISTS (SELECT 1 FROM backfill_jobs here WHERE here.index_id = $1 AND here.status = 'completed')";
    let index = Records::new(store, Vec::new()).index_id().await?;
    let elsewhere = store.state.read(move |conn| conn.query_one(SQL, &[v(&index)], |row| row.int(0)));
    Ok(elsewhere.await? > 0)
}
