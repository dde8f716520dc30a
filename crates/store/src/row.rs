//! One row of an answer.

use crate::{Error, Value, postgres, sqlite};

/// A row while it is being read; columns are counted from 0.
///
/// Each accessor fails with [`Error::Column`] when the column holds another type; the `opt_` ones read NULL as
/// `None`.
pub struct Row<'r>(pub(crate) RowInner<'r>);

pub(crate) enum RowInner<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

macro_rules! accessor {
    ($(#[$doc:meta])* $name:ident, $opt:ident, $t:ty) => {
        $(#[$doc])*
        pub fn $name(&self, column: usize) -> Result<$t, Error> {
            self.$opt(column)?.ok_or(Error::Column { column, message: "unexpected NULL".into() })
        }

        #[doc = concat!("Like [`Row::", stringify!($name), "`], NULL is `None`.")]
        pub fn $opt(&self, column: usize) -> Result<Option<$t>, Error> {
            match &self.0 {
                RowInner::Sqlite(row) => sqlite::column::$name(row, column),
                RowInner::Postgres(row) => postgres::column::$name(row, column),
            }
        }
    };
}

impl Row<'_> {
    accessor!(
        /// An integer of any width.
        int, opt_int, i64
    );
    accessor!(
        /// A floating-point number.
        real, opt_real, f64
    );
    accessor!(
        /// Text, or JSON in its text form.
        text, opt_text, &str
    );
    accessor!(
        /// Bytes.
        blob, opt_blob, &[u8]
    );

    /// A column of whatever type it is.
    pub fn value(&self, column: usize) -> Result<Value<'_>, Error> {
        match &self.0 {
            RowInner::Sqlite(row) => sqlite::column::value(row, column),
            RowInner::Postgres(row) => postgres::column::value(row, column),
        }
    }

    /// A 0/1 column as a boolean.
    pub fn bool(&self, column: usize) -> Result<bool, Error> {
        Ok(self.int(column)? != 0)
    }

    /// Text as an owned `String`, for rows that become structs.
    pub fn string(&self, column: usize) -> Result<String, Error> {
        self.text(column).map(str::to_owned)
    }
}
