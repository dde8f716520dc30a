//! Running one statement on one connection.

use rusqlite::types::ToSqlOutput;
use rusqlite::{CachedStatement, Connection, ErrorCode, ToSql};

use crate::error::excerpt;
use crate::row::RowInner;
use crate::{Error, ErrorKind, Row, Value};

pub(crate) fn execute(conn: &Connection, sql: &str, params: &[Value<'_>]) -> Result<u64, Error> {
    let mut statement = prepare(conn, sql, params)?;
    // A statement with RETURNING yields rows even when nobody wants them.
    if statement.column_count() > 0 {
        let mut rows = statement.raw_query();
        let mut changed = 0;
        while rows.next().map_err(|error| sql_error(&error, sql))?.is_some() {
            changed += 1;
        }
        return Ok(changed);
    }
    statement.raw_execute().map(|changed| changed as u64).map_err(|error| sql_error(&error, sql))
}

pub(crate) fn for_each<E: From<Error>>(
    conn: &Connection,
    sql: &str,
    params: &[Value<'_>],
    mut f: impl FnMut(&Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement = prepare(conn, sql, params)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|error| sql_error(&error, sql))? {
        f(&Row(RowInner::Sqlite(row)))?;
    }
    Ok(())
}

pub(crate) fn batch(conn: &Connection, sql: &str) -> Result<(), Error> {
    conn.execute_batch(sql).map_err(|error| sql_error(&error, sql))
}

fn prepare<'c>(conn: &'c Connection, sql: &str, params: &[Value<'_>]) -> Result<CachedStatement<'c>, Error> {
    let mut statement = conn.prepare_cached(sql).map_err(|error| sql_error(&error, sql))?;
    for index in 1..=statement.parameter_count() {
        // SQLite numbers `$2` by where it first appears, so the name decides which value it gets.
        let number = statement.parameter_name(index).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let value =
            number.and_then(|number| params.get(number.checked_sub(1)?)).ok_or_else(|| Error::Sql {
                kind: ErrorKind::Other,
                message: format!("{} parameters do not fit the placeholders", params.len()),
                sql: excerpt(sql),
            })?;
        statement.raw_bind_parameter(index, value).map_err(|error| sql_error(&error, sql))?;
    }
    Ok(statement)
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::{Value as Owned, ValueRef};
        Ok(match *self {
            Value::Null => ToSqlOutput::Owned(Owned::Null),
            Value::Int(value) => ToSqlOutput::Owned(Owned::Integer(value)),
            Value::Real(value) => ToSqlOutput::Owned(Owned::Real(value)),
            Value::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Value::Blob(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
            Value::Ints(_) | Value::Texts(_) => {
                return Err(rusqlite::Error::ToSqlConversionFailure("SQLite has no arrays".into()));
            }
        })
    }
}

/// Classifies what SQLite said.
pub(super) fn sql_error(error: &rusqlite::Error, sql: &str) -> Error {
    let kind = match error.sqlite_error() {
        Some(failure) => match failure.code {
            ErrorCode::ConstraintViolation if is_unique(failure.extended_code) => ErrorKind::UniqueViolation,
            ErrorCode::DiskFull
            | ErrorCode::ReadOnly
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::NoLargeFileSupport => ErrorKind::Storage,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => ErrorKind::Conflict,
            _ => ErrorKind::Other,
        },
        None => ErrorKind::Other,
    };
    Error::Sql { kind, message: error.to_string(), sql: excerpt(sql) }
}

fn is_unique(extended_code: i32) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE};
    matches!(extended_code, SQLITE_CONSTRAINT_PRIMARYKEY | SQLITE_CONSTRAINT_ROWID | SQLITE_CONSTRAINT_UNIQUE)
}
