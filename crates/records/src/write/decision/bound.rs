//! How many records may be saved here.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use store::Conn;

use crate::{Error, Records};

/// Records that scripts save, all together; each is bounded in size as any record is. They are kept twice and in every
/// backup, and no network limits them.
const MAX_RECORDS: i64 = 1_000_000;

/// How many there were when they were last counted, and those that this process has saved since. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Saved(Arc<AtomicI64>);

/// They have not been counted.
const UNKNOWN: i64 = -1;

impl Default for Saved {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(UNKNOWN)))
    }
}

impl Records {
    /// Counts the records that were saved here.
    pub(super) async fn count_saved(&self) -> Result<i64, Error> {
        const SQL: &str = "SELECT count(*) FROM local_decisions WHERE record IS NOT NULL";
        let count = |conn: &mut Conn<'_>| conn.query_one::<_, store::Error>(SQL, &[], |row| row.int(0));
        let count = self.state.read(count).await?;
        self.saved.0.store(count, Ordering::Relaxed);
        Ok(count)
    }

    /// Fails if no further record may be saved.
    pub(super) async fn make_room(&self) -> Result<(), Error> {
        let known = self.saved.0.load(Ordering::Relaxed);
        let count = if known == UNKNOWN { self.count_saved().await? } else { known };
        if count >= MAX_RECORDS {
            return Err(Error::TooManySaved(MAX_RECORDS));
        }
        self.saved.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// As if so many had been counted.
    #[cfg(test)]
    pub(crate) fn pretend_saved(&self, count: i64) {
        self.saved.0.store(count, Ordering::Relaxed);
    }
}
