//! How large the scripts' tables may become.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_postgres::Client;

use super::failure::classify;
use crate::{Error, Limit};

/// How long a measurement is believed: adding up the tables costs more than most statements.
const BELIEVED: Duration = Duration::from_secs(2);

/// Measures now and then.
pub(super) struct Quota {
    most: u64,
    measured: Mutex<Option<(Instant, u64)>>,
}

impl Quota {
    pub(super) fn new(most: u64) -> Self {
        Self { most, measured: Mutex::default() }
    }

    /// Fails if there is no room for anything more.
    pub(super) async fn check(&self, client: &Client) -> Result<(), Error> {
        let bytes = match self.believed() {
            Some(bytes) => bytes,
            None => self.measure(client).await?,
        };
        if bytes >= self.most { Err(Error::Limit(Limit::Database)) } else { Ok(()) }
    }

    /// The last measurement, if it still counts. A full database is measured each time: something may have been deleted.
    fn believed(&self) -> Option<u64> {
        let measured = *self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        measured.filter(|(at, bytes)| at.elapsed() < BELIEVED && *bytes < self.most).map(|(_, bytes)| bytes)
    }

    async fn measure(&self, client: &Client) -> Result<u64, Error> {
        let sql = "SELECT coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)), 0)::bigint
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'scripts' AND c.relkind = 'r'";
        let row = client.query_one(sql, &[]).await.map_err(|error| classify(&error))?;
        let bytes = row.get::<_, i64>(0).unsigned_abs();
        *self.measured.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), bytes));
        Ok(bytes)
    }
}
