//! Rows, one after the other.

use rusqlite::types::ValueRef;

use crate::{Error, Source, Table};

/// A row that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Which, as far as it says.
    pub name: String,
    /// What is wrong with it.
    pub problem: String,
}

/// Bytes of a text that is taken.
const MAX_TEXT: usize = 4 << 10;

/// The values of the columns that were asked for, in that order.
pub(crate) struct Cells<'r>(&'r rusqlite::Row<'r>);

impl Source {
    /// Reads all rows of a table. Columns that are not there are null.
    pub(crate) fn rows<T>(
        &self,
        table: Table,
        columns: &[&'static str],
        read: impl Fn(&Cells<'_>) -> Result<T, Unreadable>,
        mut take: impl FnMut(Result<T, Unreadable>),
    ) -> Result<(), Error> {
        let there = self.columns(table)?;
        if there.is_empty() {
            return Ok(());
        }
        let list: Vec<_> =
            columns.iter().map(|column| if there.contains(*column) { column } else { "NULL" }).collect();
        let sql = format!("SELECT {} FROM {}", list.join(", "), table.name());
        let mut run = || -> Result<(), rusqlite::Error> {
            let mut statement = self.connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                take(read(&Cells(row)));
            }
            Ok(())
        };
        run().map_err(Error::read(table.name()))
    }
}

impl Cells<'_> {
    /// A text that is not too long and has nothing in it that does something to a terminal.
    pub(crate) fn text(&self, column: usize, what: &str) -> Result<Option<String>, String> {
        match self.0.get_ref(column) {
            Ok(ValueRef::Null) => Ok(None),
            Ok(ValueRef::Text(bytes)) if bytes.len() <= MAX_TEXT => match str::from_utf8(bytes) {
                Ok(text) => Ok(Some(text.replace(char::is_control, " "))),
                Err(_) => Err(format!("its {what} is not text")),
            },
            Ok(ValueRef::Text(_)) => Err(format!("its {what} is longer than {MAX_TEXT} bytes")),
            _ => Err(format!("its {what} is not text")),
        }
    }

    /// A number of times.
    pub(crate) fn count(&self, column: usize, what: &str) -> Result<u64, String> {
        /// The greatest whole number that every reader of JSON understands alike.
        const MOST: i64 = (1 << 53) - 1;
        match self.0.get_ref(column) {
            Ok(ValueRef::Null) => Ok(0),
            Ok(ValueRef::Integer(count)) if (0..=MOST).contains(&count) => Ok(count.unsigned_abs()),
            _ => Err(format!("its {what} is not a number of times")),
        }
    }

    /// A moment, in microseconds since 1970, however it is written.
    pub(crate) fn moment(&self, column: usize) -> Option<i64> {
        match self.0.get_ref(column).ok()? {
            ValueRef::Integer(seconds) => crate::moment::of_number(seconds),
            ValueRef::Text(bytes) => crate::moment::of_text(str::from_utf8(bytes).ok()?),
            _ => None,
        }
    }
}
