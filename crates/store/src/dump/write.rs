//! Writing a dump while the database is in use.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;

use super::cell::Outgoing;
use super::format::{Mark, PLAIN, ScriptMark, TableMark, WITH_SCRIPTS};
use super::lines::Lines;
use super::scripts::MAX_TABLES;
use super::table::{self, Table};
use super::{Applied, DumpError, Header, ScriptSource, ScriptTable, Summary};
use crate::{Conn, Database, Error, Row};

/// Between reports of progress.
const ROWS_PER_REPORT: u64 = 1000;

/// How far a dump is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows written.
    pub rows: u64,
    /// Rows there are.
    pub total: u64,
}

/// Writes all tables of `state`, as they are at one moment, and those of scripts, as they are a moment later, to `to`, and
/// gives that back flushed.
///
/// In this order, because scripts remember what they did for an event that the state still has to try again: the other way
/// round it would be done twice after a restore.
///
/// Memory does not grow with the tables. `program` is the version that writes, `at` the time in microseconds since the epoch.
pub async fn write<W, P, S>(
    state: &Database,
    program: &str,
    at: i64,
    to: W,
    scripts: S,
    progress: P,
) -> Result<(Summary, W), DumpError>
where
    S: ScriptSource,
    W: Write + Send + 'static,
    P: Fn(Progress) + Send + 'static,
{
    let (program, once) = (program.to_owned(), Mutex::new(Some((to, scripts))));
    state
        .snapshot(move |conn| {
            // A read runs once.
            let (to, scripts) = once.lock().ok().and_then(|mut once| once.take()).ok_or(Error::Ended)?;
            let header = Header {
                format: PLAIN,
                program: program.clone(),
                engine: conn.engine().name().to_owned(),
                at,
                // The first statement: the snapshot of the state begins here.
                applied: applied(conn)?,
            };
            dump(conn, header, to, scripts, &progress)
        })
        .await
}

fn dump<W: Write>(
    conn: &mut Conn<'_>,
    mut header: Header,
    to: W,
    mut scripts: impl ScriptSource,
    progress: &impl Fn(Progress),
) -> Result<(Summary, W), DumpError> {
    let (script_tables, mut total) = scripts.begin(conn)?;
    if script_tables.len() > MAX_TABLES {
        return Err(DumpError::Scripts(format!("it has more than {MAX_TABLES} tables")));
    }
    if !script_tables.is_empty() {
        header.format = WITH_SCRIPTS;
    }
    let tables = table::names(conn)?.into_iter().map(|name| Table::load(conn, name));
    let tables = tables.collect::<Result<Vec<_>, _>>()?;
    for table in &tables {
        let count = format!("SELECT count(*) FROM {}", table.quoted_name());
        total += conn.query_one(&count, &[], |row| row.int(0))?.unsigned_abs();
    }
    let mut rows = Rows { lines: Lines::new(to).map_err(DumpError::writing)?, written: 0, total, progress };
    let mut counts = BTreeMap::new();
    rows.lines.line(&Mark::Backup(header.clone()), "")?;
    for table in &tables {
        let mark = TableMark { name: table.name.clone(), columns: table.columns.clone() };
        rows.lines.line(&Mark::Table(mark), &table.name)?;
        let before = rows.written;
        let select = format!("SELECT {} FROM {}", table.column_list(), table.quoted_name());
        conn.stream(&select, |row| rows.write(&cells(row, table.columns.len())?, &table.name))?;
        counts.insert(table.name.clone(), rows.written - before);
    }
    for table in script_tables {
        let (name, before) = (table.counted_as(), rows.written);
        let ScriptTable { name: called, create, columns } = table.clone();
        rows.lines.line(&Mark::ScriptTable(ScriptMark { name: called, create, columns }), &name)?;
        scripts.rows(conn, &table, &mut |row| {
            rows.write(&row.iter().copied().map(Outgoing).collect::<Vec<_>>(), &name)
        })?;
        counts.insert(name, rows.written - before);
    }
    progress(Progress { rows: rows.written, total });
    let to = rows.lines.finish(counts.clone())?;
    Ok((Summary { header, tables: counts }, to))
}

/// Rows on their way, counted.
struct Rows<'p, W: Write, P> {
    lines: Lines<W>,
    written: u64,
    total: u64,
    progress: &'p P,
}

impl<W: Write, P: Fn(Progress)> Rows<'_, W, P> {
    fn write(&mut self, row: &[Outgoing<'_>], table: &str) -> Result<(), DumpError> {
        self.lines.line(&row, table)?;
        self.written += 1;
        if self.written.is_multiple_of(ROWS_PER_REPORT) {
            (self.progress)(Progress { rows: self.written, total: self.total });
        }
        Ok(())
    }
}

fn applied(conn: &mut Conn<'_>) -> Result<Vec<Applied>, Error> {
    conn.query("SELECT schema, id, name FROM schema_migrations ORDER BY schema, id", &[], |row| {
        let id = u32::try_from(row.int(1)?)
            .map_err(|error| Error::Column { column: 1, message: error.to_string() })?;
        Ok(Applied { schema: row.string(0)?, id, name: row.string(2)? })
    })
}

fn cells<'r>(row: &'r Row<'_>, columns: usize) -> Result<Vec<Outgoing<'r>>, Error> {
    (0..columns).map(|column| row.value(column).map(Outgoing)).collect()
}
