//! Which tables there are, and how big they have become.

use std::path::Path;

use crate::{Conn, Engine, Error, v};

/// One table and its indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSize {
    /// Its name.
    pub table: String,
    /// Rows, counted.
    pub rows: i64,
    /// Bytes on disk, indexes included.
    pub bytes: i64,
}

/// The tables of the tier the connection lives in, without the engine's own and without full-text tables, which on SQLite
/// are what indexes are elsewhere: derived, and made when they are wanted.
pub(crate) fn names(conn: &mut Conn<'_>) -> Result<Vec<String>, Error> {
    let sql = match conn.engine() {
        Engine::Sqlite => {
            "SELECT name FROM pragma_table_list
             WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"
        }
        Engine::Postgres => {
            "SELECT tablename::text FROM pg_catalog.pg_tables WHERE schemaname = current_schema() ORDER BY 1"
        }
    };
    conn.query(sql, &[], |row| row.string(0))
}

/// The views of the tier the connection lives in.
pub(crate) fn views(conn: &mut Conn<'_>) -> Result<Vec<String>, Error> {
    let sql = match conn.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY 1",
        Engine::Postgres => {
            "SELECT viewname::text FROM pg_catalog.pg_views WHERE schemaname = current_schema() ORDER BY 1"
        }
    };
    conn.query(sql, &[], |row| row.string(0))
}

/// Counts rows and bytes of every table: reads the whole database, so it is for people, not for requests.
pub(crate) fn sizes(conn: &mut Conn<'_>) -> Result<Vec<TableSize>, Error> {
    names(conn)?
        .into_iter()
        .map(|table| {
            let rows = conn.query_one(&format!("SELECT count(*) FROM {table}"), &[], |row| row.int(0))?;
            let bytes = match conn.engine() {
                Engine::Sqlite => conn.query_one(
                    "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN
                     (SELECT name FROM sqlite_master WHERE tbl_name = $1)",
                    &[v(&table)],
                    |row| row.int(0),
                )?,
                Engine::Postgres => conn.query_one(
                    "SELECT pg_total_relation_size(format('%I.%I', current_schema(), $1::text)::regclass)",
                    &[v(&table)],
                    |row| row.int(0),
                )?,
            };
            Ok(TableSize { table, rows, bytes })
        })
        .collect()
}

/// What a file and the log of its latest writes take; nothing for one that is not there.
pub(crate) fn file_bytes(file: &Path) -> u64 {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    size(file) + size(Path::new(&log))
}

/// What all tables of the tier take that the connection lives in, with their indexes. On PostgreSQL only.
pub(crate) fn schema_bytes(conn: &mut Conn<'_>) -> Result<u64, Error> {
    const SQL: &str = "
        SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'm')";
    conn.query_one(SQL, &[], |row| Ok(u64::try_from(row.int(0)?).unwrap_or(0)))
}
