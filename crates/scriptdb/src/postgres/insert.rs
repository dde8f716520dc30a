//! Putting rows of a backup into a table, several at a time.

use std::borrow::Cow;

use data_encoding::HEXLOWER;
use store::dump::{Cell, DumpError};
use store::{Conn, Error, Value, v};

use super::call::{run, said};
use super::catalogue::{Column, as_role};
use crate::backup::{EFFECT_COLUMNS, EFFECTS, quoted, refused};

/// Rows of one statement, at most.
const ROWS: usize = 64;

/// Values of one statement, roughly.
const VALUES: usize = 4096;

/// Bytes that are kept back for one statement, roughly.
const BYTES: usize = 1 << 20;

/// Rows on their way into one table.
pub(super) struct Inserter {
    into: Into,
    waiting: Vec<Vec<Cell>>,
    bytes: usize,
}

enum Into {
    Effects,
    Scripts { table: String, columns: Vec<Column> },
}

impl Inserter {
    pub(super) fn of_effects() -> Self {
        Self { into: Into::Effects, waiting: Vec::new(), bytes: 0 }
    }

    pub(super) fn of_scripts(table: String, columns: Vec<Column>) -> Self {
        Self { into: Into::Scripts { table, columns }, waiting: Vec::new(), bytes: 0 }
    }

    pub(super) fn push(&mut self, conn: &mut Conn<'_>, row: Vec<Cell>) -> Result<(), DumpError> {
        self.bytes += row.iter().map(Cell::size).sum::<usize>();
        let values = (self.waiting.len() + 1) * row.len();
        self.waiting.push(row);
        if self.waiting.len() < ROWS && values < VALUES && self.bytes < BYTES {
            return Ok(());
        }
        self.flush(conn)
    }

    /// Inserts what is waiting, and lets the server go on numbering after what is there.
    pub(super) fn finish(mut self, conn: &mut Conn<'_>, role: &str) -> Result<(), DumpError> {
        self.flush(conn)?;
        let Into::Scripts { table, columns } = &self.into else { return Ok(()) };
        let table = format!("scripts.{}", quoted(table));
        for column in columns {
            let sequence = "SELECT pg_catalog.pg_get_serial_sequence($1, $2)";
            let values = [v(&table), v(&column.name)];
            let sequence =
                conn.query_one(sequence, &values, |row| Ok::<_, Error>(row.opt_text(0)?.map(str::to_owned)))?;
            let Some(sequence) = sequence else { continue };
            let column = quoted(&column.name);
            let advance = format!(
                "SELECT pg_catalog.setval($1::text::regclass, coalesce(max({column}), 1), max({column}) IS NOT NULL) FROM {table}"
            );
            as_role(conn, role, |conn| conn.query_one(&advance, &[v(&sequence)], |row| row.int(0)))?;
        }
        Ok(())
    }

    fn flush(&mut self, conn: &mut Conn<'_>) -> Result<(), DumpError> {
        let rows = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        match &self.into {
            _ if rows.is_empty() => Ok(()),
            Into::Effects => {
                // Only full statements and those of one row are prepared, so that there are two.
                let at_once = if rows.len() == ROWS { ROWS } else { 1 };
                rows.chunks(at_once).try_for_each(|rows| {
                    let columns = EFFECT_COLUMNS.join(", ");
                    let places = places(EFFECT_COLUMNS.len(), rows.len());
                    let sql = format!("INSERT INTO scripts_internal.effects ({columns}) VALUES {places}");
                    let values: Vec<Value<'_>> = rows.iter().flatten().map(Cell::value).collect();
                    conn.execute(&sql, &values).map(drop).map_err(|error| refused(EFFECTS, said(&error)))
                })
            }
            Into::Scripts { table, columns } => {
                let values = rows.iter().flat_map(|row| columns.iter().zip(row));
                let texts = values.map(|(column, cell)| as_text(column, cell)).collect::<Result<Vec<_>, _>>();
                let texts = texts.map_err(|why| refused(table, why))?;
                let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
                let sql = statement(table, columns, rows.len());
                run(conn, &sql, "silent", &texts).map_err(|error| refused(table, said(&error)))
            }
        }
    }
}

fn statement(table: &str, columns: &[Column], rows: usize) -> String {
    let places = places(columns.len(), rows);
    let columns = columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ");
    // A number that the server would rather give itself is kept.
    format!("INSERT INTO scripts.{} ({columns}) OVERRIDING SYSTEM VALUE VALUES {places}", quoted(table))
}

/// `($1, $2), ($3, $4), …`
fn places(columns: usize, rows: usize) -> String {
    let row = |row: usize| {
        let places = (row * columns + 1..=(row + 1) * columns).map(|place| format!("${place}"));
        format!("({})", places.collect::<Vec<_>>().join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// What the column's type reads the value from.
fn as_text<'c>(column: &Column, cell: &'c Cell) -> Result<Option<Cow<'c, str>>, String> {
    Ok(match cell {
        Cell::Null => None,
        Cell::Int(value) => Some(value.to_string().into()),
        Cell::Real(value) => Some(value.to_string().into()),
        Cell::Text(text) => Some(text.into()),
        Cell::Blob(bytes) if column.kind == "bytea" => Some(format!("\\x{}", HEXLOWER.encode(bytes)).into()),
        Cell::Blob(_) => return Err(format!("there are bytes in column {}, which is no BYTEA", column.name)),
    })
}
