//! Reading a database as it was at one moment, while others write.

use std::panic::AssertUnwindSafe;

use crate::{Conn, Database, Engine, Error};

impl Database {
    /// Runs `f` in one transaction that only reads: all its statements see the database as it was when the first one began,
    /// whatever is written meanwhile. Writers do not wait for it, but the engine keeps what they replace until it ends.
    pub async fn snapshot<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        self.read(move |conn| {
            conn.batch(match conn.engine() {
                Engine::Sqlite => "BEGIN",
                Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            })?;
            // A panic must not leave the connection in this moment for ever.
            let result = std::panic::catch_unwind(AssertUnwindSafe(|| f(conn)))
                .unwrap_or_else(|_| Err(Error::Ended.into()));
            let ended = conn.batch("ROLLBACK");
            result.and_then(|value| ended.map(|()| value).map_err(E::from))
        })
        .await
    }
}
