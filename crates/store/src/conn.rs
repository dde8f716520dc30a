//! What a closure does its statements with.

use crate::row::RowInner;
use crate::{Engine, Error, Row, Value, postgres, slow, sqlite};

/// A connection lent to a closure by [`Database::read`](crate::Database::read) or, inside a transaction, by
/// [`Database::write`](crate::Database::write).
///
/// Statements block the database thread they run on, never the async runtime. Each distinct SQL text is prepared
/// once per connection.
pub struct Conn<'c> {
    pub(crate) inner: ConnInner<'c>,
    statements: u64,
}

pub(crate) enum ConnInner<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(postgres::Session<'c>),
}

impl<'c> Conn<'c> {
    pub(crate) fn new(inner: ConnInner<'c>) -> Self {
        Self { inner, statements: 0 }
    }
}

impl Conn<'_> {
    /// How many statements it ran so far: what something costs that has to cost the same however much there is.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements
    }

    /// Which engine runs the statements: for functions with two bodies.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match &self.inner {
            ConnInner::Sqlite(_) => Engine::Sqlite,
            ConnInner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement; the number of rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, Error> {
        self.statements += 1;
        let started = slow::begin();
        let changed = match &mut self.inner {
            ConnInner::Sqlite(conn) => sqlite::execute(conn, sql, params),
            ConnInner::Postgres(session) => session.execute(sql, params),
        };
        slow::end(started, sql);
        changed
    }

    /// Calls `f` for each row of the answer, in order, until it fails.
    pub fn for_each<E: From<Error>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut f: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.statements += 1;
        let started = slow::begin();
        let done = match &mut self.inner {
            ConnInner::Sqlite(conn) => sqlite::for_each(conn, sql, params, f),
            ConnInner::Postgres(session) => {
                let rows = session.query(sql, params);
                rows.map_err(E::from)
                    .and_then(|rows| rows.iter().try_for_each(|row| f(&Row(RowInner::Postgres(row)))))
            }
        };
        slow::end(started, sql);
        done
    }

    /// All rows of the answer.
    pub fn query<T, E: From<Error>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut f: impl FnMut(&Row<'_>) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        let mut rows = Vec::new();
        self.for_each(sql, params, |row| {
            rows.push(f(row)?);
            Ok::<(), E>(())
        })?;
        Ok(rows)
    }

    /// The first row of the answer, if any.
    pub fn query_opt<T, E: From<Error>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut f: impl FnMut(&Row<'_>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let mut first = None;
        self.for_each(sql, params, |row| {
            if first.is_none() {
                first = Some(f(row)?);
            }
            Ok::<(), E>(())
        })?;
        Ok(first)
    }

    /// The first row of the answer; [`Error::NoRow`] when there is none.
    pub fn query_one<T, E: From<Error>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        f: impl FnMut(&Row<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.query_opt(sql, params, f)?.ok_or_else(|| Error::NoRow { sql: crate::error::excerpt(sql) }.into())
    }

    /// Like [`for_each`](Self::for_each) without parameters, for an answer that is larger than memory.
    pub fn stream<E: From<Error>>(
        &mut self,
        sql: &str,
        mut f: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.statements += 1;
        match &mut self.inner {
            ConnInner::Sqlite(conn) => sqlite::for_each(conn, sql, &[], f),
            ConnInner::Postgres(session) => session.stream(sql, |row| f(&Row(RowInner::Postgres(row)))),
        }
    }

    /// Runs several statements without parameters, as migrations are written.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.statements += 1;
        match &mut self.inner {
            ConnInner::Sqlite(conn) => sqlite::batch(conn, sql),
            ConnInner::Postgres(session) => session.batch(sql),
        }
    }
}
