//! Reading the columns of a SQLite row.

use rusqlite::types::ValueRef;

use crate::{Error, Value};

fn get<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<ValueRef<'r>, Error> {
    row.get_ref(column).map_err(|error| Error::Column { column, message: error.to_string() })
}

fn mismatch(column: usize, value: ValueRef<'_>, wanted: &str) -> Error {
    Error::Column { column, message: format!("is {}, not {wanted}", value.data_type()) }
}

pub(crate) fn int(row: &rusqlite::Row<'_>, column: usize) -> Result<Option<i64>, Error> {
    match get(row, column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(value) => Ok(Some(value)),
        other => Err(mismatch(column, other, "an integer")),
    }
}

pub(crate) fn real(row: &rusqlite::Row<'_>, column: usize) -> Result<Option<f64>, Error> {
    match get(row, column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Real(value) => Ok(Some(value)),
        other => Err(mismatch(column, other, "a number")),
    }
}

pub(crate) fn text<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<Option<&'r str>, Error> {
    match get(row, column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes)
            .map(Some)
            .map_err(|error| Error::Column { column, message: error.to_string() }),
        other => Err(mismatch(column, other, "text")),
    }
}

pub(crate) fn blob<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<Option<&'r [u8]>, Error> {
    match get(row, column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Blob(bytes) => Ok(Some(bytes)),
        other => Err(mismatch(column, other, "bytes")),
    }
}

pub(crate) fn value<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<Value<'r>, Error> {
    Ok(match get(row, column)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(_) => Value::from(text(row, column)?),
        ValueRef::Blob(bytes) => Value::Blob(bytes),
    })
}
