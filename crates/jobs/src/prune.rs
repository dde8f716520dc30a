//! Forgetting jobs that ended long ago.

use std::time::Duration;

use clock::{micros, now_micros};
use store::v;

use crate::{JobError, Jobs, bounds};

/// Rows in one transaction: nobody waits long for it.
const CHUNK: u32 = 500;

impl Jobs {
    /// Deletes the jobs that ended more than so many days ago, with their logs, and of the others the oldest that are too
    /// many; how many. With 0 days only the latter.
    pub(crate) async fn prune(&self, retention_days: u32) -> Result<u64, JobError> {
        const OLD: &str = "
            DELETE FROM appview_jobs WHERE id IN (
                SELECT id FROM appview_jobs WHERE completed_at < $1 ORDER BY completed_at LIMIT $2)";
        const SURPLUS: &str = "
            DELETE FROM appview_jobs WHERE id IN (
                SELECT id FROM appview_jobs WHERE completed_at IS NOT NULL
                ORDER BY completed_at DESC LIMIT $2 OFFSET $1)";
        let surplus = self.delete(SURPLUS, bounds::MAX_ENDED).await?;
        if retention_days == 0 {
            return Ok(surplus);
        }
        let retention = Duration::from_hours(24).saturating_mul(retention_days);
        let before = now_micros().saturating_sub(micros(retention));
        Ok(surplus + self.delete(OLD, before).await?)
    }

    /// Runs a statement that deletes a chunk of jobs until there is nothing left to delete; how many.
    async fn delete(&self, sql: &'static str, from: i64) -> Result<u64, JobError> {
        let mut total = 0;
        loop {
            let deleted = self.write(move |conn| conn.execute(sql, &[v(from), v(CHUNK)])).await?;
            total += deleted;
            if deleted < u64::from(CHUNK) {
                return Ok(total);
            }
        }
    }
}
