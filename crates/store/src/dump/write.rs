//! Writing a dump while the database is in use.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Mutex;

use aws_lc_rs::digest::{Context, SHA256};
use data_encoding::HEXLOWER;
use serde::Serialize;

use super::cell::Outgoing;
use super::format::{End, FORMAT, Mark, TableMark};
use super::table::{self, Table};
use super::{Applied, DumpError, Header, MAX_LINE, Summary};
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

/// Writes all tables of `state`, as they are at one moment, to `to`, and gives that back flushed.
///
/// Memory does not grow with the tables. `program` is the version that writes, `at` the time in microseconds since the epoch.
pub async fn write<W, P>(
    state: &Database,
    program: &str,
    at: i64,
    to: W,
    progress: P,
) -> Result<(Summary, W), DumpError>
where
    W: Write + Send + 'static,
    P: Fn(Progress) + Send + 'static,
{
    let (program, to) = (program.to_owned(), Mutex::new(Some(to)));
    state
        .snapshot(move |conn| {
            // A read runs once.
            let to = to.lock().ok().and_then(|mut to| to.take()).ok_or(Error::Ended)?;
            let header = Header {
                format: FORMAT,
                program: program.clone(),
                engine: conn.engine().name().to_owned(),
                at,
                applied: applied(conn)?,
            };
            dump(conn, header, to, &progress)
        })
        .await
}

fn dump<W: Write>(
    conn: &mut Conn<'_>,
    header: Header,
    to: W,
    progress: &impl Fn(Progress),
) -> Result<(Summary, W), DumpError> {
    let tables = table::names(conn)?.into_iter().map(|name| Table::load(conn, name));
    let tables = tables.collect::<Result<Vec<_>, _>>()?;
    let mut total = 0;
    for table in &tables {
        let count = format!("SELECT count(*) FROM {}", table.quoted_name());
        total += conn.query_one(&count, &[], |row| row.int(0))?.unsigned_abs();
    }
    let mut lines = Lines::new(to).map_err(DumpError::writing)?;
    let mut written = 0;
    let mut counts = BTreeMap::new();
    lines.write(&Mark::Backup(header.clone()), "")?;
    for table in &tables {
        let mark = TableMark { name: table.name.clone(), columns: table.columns.clone() };
        lines.write(&Mark::Table(mark), &table.name)?;
        let before = written;
        let select = format!("SELECT {} FROM {}", table.column_list(), table.quoted_name());
        conn.stream(&select, |row| {
            lines.write(&cells(row, table.columns.len())?, &table.name)?;
            written += 1;
            if written % ROWS_PER_REPORT == 0 {
                progress(Progress { rows: written, total });
            }
            Ok::<_, DumpError>(())
        })?;
        counts.insert(table.name.clone(), written - before);
    }
    progress(Progress { rows: written, total });
    let to = lines.finish(counts.clone())?;
    Ok((Summary { header, tables: counts }, to))
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

/// Compressed lines and their sum.
struct Lines<W: Write> {
    to: zstd::Encoder<'static, W>,
    sum: Context,
    line: Vec<u8>,
}

impl<W: Write> Lines<W> {
    fn new(to: W) -> io::Result<Self> {
        let mut to = zstd::Encoder::new(to, zstd::DEFAULT_COMPRESSION_LEVEL)?;
        to.include_checksum(true)?;
        Ok(Self { to, sum: Context::new(&SHA256), line: Vec::new() })
    }

    fn write(&mut self, line: &impl Serialize, table: &str) -> Result<(), DumpError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line).map_err(|error| DumpError::writing(error.into()))?;
        self.line.push(b'\n');
        if self.line.len() > MAX_LINE {
            return Err(DumpError::TooLong { table: table.to_owned(), bytes: self.line.len() });
        }
        self.sum.update(&self.line);
        self.to.write_all(&self.line).map_err(DumpError::writing)
    }

    fn finish(mut self, tables: BTreeMap<String, u64>) -> Result<W, DumpError> {
        let sha256 = HEXLOWER.encode(self.sum.clone().finish().as_ref());
        self.write(&Mark::End(End { tables, sha256 }), "")?;
        let mut to = self.to.finish().map_err(DumpError::writing)?;
        to.flush().map_err(DumpError::writing)?;
        Ok(to)
    }
}
