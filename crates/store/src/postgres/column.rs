//! Reading the columns of a PostgreSQL row.

use std::error::Error as StdError;

use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

use crate::{Error, Value};

fn get<'r, T: FromSql<'r>>(row: &'r Row, column: usize) -> Result<Option<T>, Error> {
    row.try_get(column).map_err(|error| Error::Column {
        column,
        message: StdError::source(&error).map_or_else(|| error.to_string(), ToString::to_string),
    })
}

pub(crate) fn int(row: &Row, column: usize) -> Result<Option<i64>, Error> {
    Ok(get::<Integer>(row, column)?.map(|Integer(value)| value))
}

pub(crate) fn real(row: &Row, column: usize) -> Result<Option<f64>, Error> {
    get(row, column)
}

pub(crate) fn text(row: &Row, column: usize) -> Result<Option<&str>, Error> {
    Ok(get::<Text<'_>>(row, column)?.map(|Text(value)| value))
}

pub(crate) fn blob(row: &Row, column: usize) -> Result<Option<&[u8]>, Error> {
    get(row, column)
}

pub(crate) fn value(row: &Row, column: usize) -> Result<Value<'_>, Error> {
    let ty = row.columns().get(column).map(tokio_postgres::Column::type_);
    Ok(match ty {
        Some(ty) if Integer::accepts(ty) => int(row, column)?.into(),
        Some(&Type::FLOAT8) => real(row, column)?.into(),
        Some(&Type::BYTEA) => blob(row, column)?.into(),
        _ => text(row, column)?.into(),
    })
}

/// An integer of any width, or a boolean as 0 and 1.
struct Integer(i64);

impl<'r> FromSql<'r> for Integer {
    fn from_sql(ty: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(match *ty {
            Type::INT8 => i64::from_sql(ty, raw)?,
            Type::INT4 => i32::from_sql(ty, raw)?.into(),
            Type::INT2 => i16::from_sql(ty, raw)?.into(),
            _ => bool::from_sql(ty, raw)?.into(),
        }))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::INT2 | Type::BOOL)
    }
}

/// Text, or the text of a JSON column.
struct Text<'r>(&'r str);

impl<'r> FromSql<'r> for Text<'r> {
    fn from_sql(ty: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        // jsonb in binary is a version byte and the text.
        let raw = match *ty {
            Type::JSONB => raw.get(1..).ok_or("empty jsonb")?,
            _ => raw,
        };
        Ok(Self(std::str::from_utf8(raw)?))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::TEXT | Type::VARCHAR | Type::NAME | Type::JSON | Type::JSONB | Type::UNKNOWN)
    }
}
