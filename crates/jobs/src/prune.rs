//! Forgetting jobs that ended long ago.

use std::time::Duration;

use clock::{micros, now_micros};
use store::v;

use crate::{JobError, Jobs};

/// Rows in one transaction: nobody waits long for it.
const CHUNK: u32 = 500;

impl Jobs {
    /// Deletes the jobs that ended more than so many days ago, with their logs; how many. With 0 all are kept.
    pub(crate) async fn prune(&self, retention_days: u32) -> Result<u64, JobError> {
        const SQL: &str = "
            DELETE FROM appview_jobs WHERE id IN (
                SELECT id FROM appview_jobs WHERE completed_at < $1 ORDER BY completed_at LIMIT $2)";
        if retention_days == 0 {
            return Ok(0);
        }
        let retention = Duration::from_hours(24).saturating_mul(retention_days);
        let before = now_micros().saturating_sub(micros(retention));
        let mut total = 0;
        loop {
            let deleted = self.write(move |conn| conn.execute(SQL, &[v(before), v(CHUNK)])).await?;
            total += deleted;
            if deleted < u64::from(CHUNK) {
                return Ok(total);
            }
        }
    }
}
