//! Statements on one connection, waited for on a blocking thread.

use std::cell::Cell;
use std::pin::pin;

use deadpool_postgres::Client;
use futures::TryStreamExt;
use tokio::runtime::Handle;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement};

use crate::error::excerpt;
use crate::{Error, ErrorKind, Value};

/// Distinct statements kept prepared per connection, as on SQLite.
const STATEMENT_CACHE: usize = 256;

/// A borrowed connection and the runtime that drives it.
pub(crate) struct Session<'c> {
    client: &'c Client,
    runtime: &'c Handle,
    last_failure: Cell<Option<ErrorKind>>,
}

impl<'c> Session<'c> {
    pub(crate) fn new(client: &'c Client, runtime: &'c Handle) -> Self {
        Self { client, runtime, last_failure: Cell::new(None) }
    }

    /// How the most recent failing statement failed, whatever its caller made of it.
    pub(crate) fn last_failure(&self) -> Option<ErrorKind> {
        self.last_failure.get()
    }

    pub(crate) fn execute(&self, sql: &str, params: &[Value<'_>]) -> Result<u64, Error> {
        self.run(sql, async {
            let statement = self.prepare(sql).await?;
            self.client.execute(&statement, &references(params, &statement)).await
        })
    }

    pub(crate) fn query(&self, sql: &str, params: &[Value<'_>]) -> Result<Vec<Row>, Error> {
        self.run(sql, async {
            let statement = self.prepare(sql).await?;
            self.client.query(&statement, &references(params, &statement)).await
        })
    }

    /// Calls `f` for each row as it arrives; the server waits for whoever is slow.
    pub(crate) fn stream<E: From<Error>>(
        &self,
        sql: &str,
        mut f: impl FnMut(&Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let rows = self.run(sql, async {
            let statement = self.prepare(sql).await?;
            self.client.query_raw(&statement, std::iter::empty::<&(dyn ToSql + Sync)>()).await
        })?;
        let mut rows = pin!(rows);
        while let Some(row) = self.run(sql, rows.try_next())? {
            f(&row)?;
        }
        Ok(())
    }

    /// Statements that are put together are of any number, and the pool's cache forgets none: it begins anew when it is full.
    async fn prepare(&self, sql: &str) -> Result<Statement, tokio_postgres::Error> {
        if self.client.statement_cache.size() >= STATEMENT_CACHE {
            self.client.statement_cache.clear();
        }
        self.client.prepare_cached(sql).await
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<(), Error> {
        self.run(sql, self.client.batch_execute(sql))
    }

    fn run<T>(
        &self,
        sql: &str,
        statement: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Error> {
        self.runtime.block_on(statement).map_err(|error| {
            let kind = kind(&error);
            self.last_failure.set(Some(kind));
            let message = match error.as_db_error() {
                Some(server) => server.to_string(),
                None => error.to_string(),
            };
            Error::Sql { kind, message, sql: excerpt(sql) }
        })
    }
}

/// The parameters a statement asks for; a text may use fewer than its SQLite twin.
fn references<'p>(params: &'p [Value<'p>], statement: &Statement) -> Vec<&'p (dyn ToSql + Sync)> {
    params.iter().take(statement.params().len()).map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn kind(error: &tokio_postgres::Error) -> ErrorKind {
    let Some(code) = error.code() else {
        return if error.is_closed()
            || std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
        {
            ErrorKind::Connection
        } else {
            ErrorKind::Other
        };
    };
    match *code {
        SqlState::UNIQUE_VIOLATION => ErrorKind::UniqueViolation,
        SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => ErrorKind::Conflict,
        SqlState::CHARACTER_NOT_IN_REPERTOIRE | SqlState::UNTRANSLATABLE_CHARACTER => ErrorKind::Text,
        SqlState::READ_ONLY_SQL_TRANSACTION | SqlState::IO_ERROR => ErrorKind::Storage,
        // Classes: 08 connection, 53 insufficient resources (disk full among them), 57 operator intervention.
        _ => match code.code().get(..2) {
            Some("08" | "57") => ErrorKind::Connection,
            Some("53") => ErrorKind::Storage,
            _ => ErrorKind::Other,
        },
    }
}
