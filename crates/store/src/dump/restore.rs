//! Taking a dump in.

use std::io::{Read, Seek};
use std::sync::{Arc, Mutex};

use super::insert::{self, Inserter};
use super::level::Levels;
use super::read::{DumpReader, Item};
use super::{DumpError, ScriptTarget, Summary, foreign, table};
use crate::conn::ConnInner;
use crate::{Conn, Database, Engine, Error, ErrorKind, Schema, Tier, migrate, tables};

/// What becomes of rows that are in the database already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// They are kept, and the dump is refused.
    Keep,
    /// They are deleted by the transaction that takes the dump in.
    Replace,
}

/// Makes `state` what the dump says, in one transaction: the tables are made anew as the dump's version had them, filled,
/// and migrated to this version. The tables of scripts go to `scripts`, and are there only if the state is.
///
/// The dump is read from its start. Whoever wants a damaged one refused before the work begins calls
/// [`check`](super::check) first; here it is noticed at the end, and everything is undone. Nobody else may use the
/// database meanwhile.
pub async fn restore<R, S>(
    state: &Database,
    schemas: &[&'static Schema],
    from: R,
    existing: Existing,
    scripts: S,
) -> Result<Summary, DumpError>
where
    R: Read + Seek + Send + 'static,
    S: ScriptTarget,
{
    let (schemas, from, scripts) = (schemas.to_vec(), Mutex::new(from), Arc::new(Mutex::new(scripts)));
    let target = Arc::clone(&scripts);
    let summary = state
        .write(move |conn| {
            let mut from = from.lock().map_err(|_| Error::Ended)?;
            from.rewind().map_err(DumpError::reading)?;
            let mut scripts = target.lock().map_err(|_| Error::Ended)?;
            take_in(conn, &schemas, &mut *from, existing, &mut *scripts)
        })
        .await?;
    scripts.lock().map_err(|_| Error::Ended)?.commit()?;
    Ok(summary)
}

pub(super) fn take_in(
    conn: &mut Conn<'_>,
    schemas: &[&'static Schema],
    from: impl Read,
    existing: Existing,
    scripts: &mut impl ScriptTarget,
) -> Result<Summary, DumpError> {
    let mut dump = DumpReader::open(from)?;
    let levels = Levels::of(dump.header(), schemas)?;
    if existing == Existing::Keep {
        refuse_rows(conn, schemas)?;
    }
    scripts.begin(conn, existing)?;
    drop_everything(conn)?;
    migrate::run_up_to(conn, Tier::State, schemas, |schema| levels.get(schema))?;
    let tables = table::names(conn)?;
    let strict = foreign::defer(conn)?;
    // Migrations may leave first rows behind; the dump has them as they were in the end.
    delete_rows(conn, &tables)?;
    fill(conn, &tables, &mut dump, scripts)?;
    scripts.end(conn)?;
    insert::advance_sequences(conn)?;
    foreign::check(conn, &strict)?;
    migrate::run(conn, Tier::State, schemas)?;
    let summary = dump.into_summary();
    match tables.iter().find(|table| !summary.tables.contains_key(*table)) {
        Some(table) => Err(DumpError::damaged(format!("table {table} is missing"))),
        None => Ok(summary),
    }
}

fn fill(
    conn: &mut Conn<'_>,
    tables: &[String],
    dump: &mut DumpReader<impl Read>,
    scripts: &mut impl ScriptTarget,
) -> Result<(), DumpError> {
    let mut inserter: Option<Inserter> = None;
    while let Some(item) = dump.next()? {
        match item {
            Item::Table(table) => {
                if !tables.contains(&table.name) {
                    return Err(DumpError::damaged(format!("its version had no table {}", table.name)));
                }
                if let Some(mut done) = inserter.take() {
                    done.flush(conn)?;
                }
                inserter = Some(Inserter::new(conn, table)?);
            }
            Item::ScriptTable(table) => {
                if let Some(mut done) = inserter.take() {
                    done.flush(conn)?;
                }
                scripts.table(conn, table)?;
            }
            Item::Row(row) => match &mut inserter {
                Some(inserter) => inserter.push(conn, row)?,
                None => scripts.row(conn, row)?,
            },
        }
    }
    inserter.map_or(Ok(()), |mut last| last.flush(conn))
}

/// Rows that a new database does not have belong to somebody.
fn refuse_rows(conn: &mut Conn<'_>, schemas: &[&'static Schema]) -> Result<(), DumpError> {
    let fresh = rusqlite::Connection::open_in_memory().map_err(|error| Error::Sql {
        kind: ErrorKind::Other,
        message: error.to_string(),
        sql: "OPEN".into(),
    })?;
    let mut fresh = Conn::new(ConnInner::Sqlite(&fresh));
    migrate::run(&mut fresh, Tier::State, schemas)?;
    for table in table::names(conn)? {
        let count = format!("SELECT count(*) FROM {}", table::quoted(&table));
        let here = conn.query_one(&count, &[], |row| row.int(0))?;
        if here > fresh.query_one(&count, &[], |row| row.int(0))? {
            return Err(DumpError::NotEmpty { table });
        }
    }
    Ok(())
}

fn drop_everything(conn: &mut Conn<'_>) -> Result<(), Error> {
    let mut tables = tables::names(conn)?;
    if conn.engine() == Engine::Sqlite {
        // References are checked when a table goes; between empty tables there are none.
        foreign::defer(conn)?;
        delete_rows(conn, &tables)?;
        tables = foreign::children_first(conn, tables)?;
    }
    let cascade = if conn.engine() == Engine::Postgres { " CASCADE" } else { "" };
    for view in tables::views(conn)? {
        conn.batch(&format!("DROP VIEW IF EXISTS {}{cascade}", table::quoted(&view)))?;
    }
    for table in &tables {
        conn.batch(&format!("DROP TABLE {}{cascade}", table::quoted(table)))?;
    }
    Ok(())
}

fn delete_rows(conn: &mut Conn<'_>, tables: &[String]) -> Result<(), Error> {
    tables.iter().try_for_each(|table| conn.batch(&format!("DELETE FROM {}", table::quoted(table))))
}
