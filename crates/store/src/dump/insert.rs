//! Putting rows into a table, several at a time.

use super::DumpError;
use super::cell::Cell;
use super::table::Table;
use crate::{Conn, Engine, Error, Value, tables};

/// Rows that travel in one statement.
const ROWS: usize = 64;

/// Parameters of one statement; the engines end at 32,766 and 65,535.
const PARAMETERS: usize = 8192;

/// Bytes that are kept back for one statement, roughly.
const BYTES: usize = 1 << 20;

/// Rows on their way into one table.
pub(super) struct Inserter {
    table: Table,
    waiting: Vec<Vec<Cell>>,
    bytes: usize,
    most: usize,
}

impl Inserter {
    /// Fails if the table has other columns in the database.
    pub(super) fn new(conn: &mut Conn<'_>, table: Table) -> Result<Self, DumpError> {
        let mut here = Table::load(conn, table.name.clone())?.columns;
        let mut there = table.columns.clone();
        here.sort_unstable();
        there.sort_unstable();
        if here != there || here.is_empty() {
            return Err(DumpError::damaged(format!(
                "table {} has other columns than its version had",
                table.name
            )));
        }
        let most = (PARAMETERS / table.columns.len()).clamp(1, ROWS);
        Ok(Self { table, waiting: Vec::new(), bytes: 0, most })
    }

    pub(super) fn push(&mut self, conn: &mut Conn<'_>, row: Vec<Cell>) -> Result<(), DumpError> {
        self.bytes += row.iter().map(Cell::size).sum::<usize>();
        self.waiting.push(row);
        if self.waiting.len() < self.most && self.bytes < BYTES {
            return Ok(());
        }
        self.flush(conn)
    }

    /// Inserts what is waiting. Only full statements and those of one row are prepared, so that there are two per table.
    pub(super) fn flush(&mut self, conn: &mut Conn<'_>) -> Result<(), DumpError> {
        let rows = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let at_once = if rows.len() == self.most { self.most } else { 1 };
        for rows in rows.chunks(at_once) {
            let values: Vec<Value<'_>> = rows.iter().flatten().map(Cell::value).collect();
            conn.execute(&self.statement(conn.engine(), rows.len()), &values)
                .map_err(|source| DumpError::Row { table: self.table.name.clone(), source })?;
        }
        Ok(())
    }

    fn statement(&self, engine: Engine, rows: usize) -> String {
        let columns = self.table.columns.len();
        let row = |row: usize| {
            let places = (row * columns + 1..=(row + 1) * columns).map(|place| format!("${place}"));
            format!("({})", places.collect::<Vec<_>>().join(", "))
        };
        let rows = (0..rows).map(row).collect::<Vec<_>>().join(", ");
        // An id that PostgreSQL would rather number itself is kept.
        let overriding = if engine == Engine::Postgres { " OVERRIDING SYSTEM VALUE" } else { "" };
        let (table, columns) = (self.table.quoted_name(), self.table.column_list());
        format!("INSERT INTO {table} ({columns}){overriding} VALUES {rows}")
    }
}

/// Lets PostgreSQL go on numbering after the greatest id there is; SQLite does so by itself.
pub(super) fn advance_sequences(conn: &mut Conn<'_>) -> Result<(), Error> {
    if conn.engine() == Engine::Sqlite {
        return Ok(());
    }
    for table in tables::names(conn)? {
        let table = super::table::quoted(&table);
        let columns = conn.query(
            "SELECT column_name::text, pg_get_serial_sequence($1, column_name::text) FROM information_schema.columns
             WHERE table_schema = current_schema() AND quote_ident(table_name) = quote_ident(trim(BOTH '\"' FROM $1))
               AND pg_get_serial_sequence($1, column_name::text) IS NOT NULL",
            &[Value::Text(&table)],
            |row| Ok::<_, Error>((super::table::quoted(row.text(0)?), row.string(1)?)),
        )?;
        for (column, sequence) in columns {
            conn.query_one(
                &format!(
                    "SELECT setval('{sequence}', coalesce(max({column}), 1), max({column}) IS NOT NULL) FROM {table}"
                ),
                &[],
                |row| row.int(0),
            )?;
        }
    }
    Ok(())
}
