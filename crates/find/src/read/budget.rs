//! How long one question may take.

use std::time::{Duration, Instant};

use store::{Conn, Engine, v};

use crate::Error;

/// A deadline. It is looked at between statements, each of which looks at a bounded number of rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    limit: Duration,
    started: Instant,
}

impl Budget {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, started: Instant::now() }
    }

    /// Fails once the time is over.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.started.elapsed() < self.limit {
            return Ok(());
        }
        metrics::counter!("find_stopped_total").increment(1);
        Err(Error::TimeLimit(self.limit))
    }

    /// Runs statements of which one may look at any number of rows. SQLite has none that does.
    pub(crate) fn bound<T>(
        self,
        conn: &mut Conn<'_>,
        f: impl FnOnce(&mut Conn<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        const SET: &str = "SELECT set_config('statement_timeout', $1, false)";
        if conn.engine() == Engine::Sqlite {
            return f(conn);
        }
        let millis = self.limit.as_millis().max(1).to_string();
        conn.query_one(SET, &[v(&millis)], |row| row.string(0).map_err(Error::Store))?;
        let result = f(conn);
        conn.execute("RESET statement_timeout", &[])?;
        // The server's words for a statement that was stopped are not for whoever asked.
        result.or_else(|error| self.check().and(Err(error)))
    }
}
