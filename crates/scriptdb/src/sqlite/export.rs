//! The scripts' tables as they are at one moment.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use store::dump::{DumpError, ScriptTable};
use store::{TableSize, Value};

use super::failure::classify;
use super::{FILE, open};
use crate::backup::{EFFECT_COLUMNS, EFFECTS, failed, parents_first, quoted, quoted_list};
use crate::{Error, ScriptDbConfig};

/// The names of all tables, the server's too.
const TABLES: &str = "SELECT name FROM main.sqlite_schema WHERE type = 'table'
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";

/// A connection in a transaction that reads.
pub(crate) struct SqliteExport(Connection);

impl SqliteExport {
    /// Begins the snapshot, if there is a database.
    pub(crate) fn begin(folder: &Path, config: &ScriptDbConfig) -> Result<Option<Self>, DumpError> {
        if !folder.join(FILE).exists() {
            return Ok(None);
        }
        let config = ScriptDbConfig { views: &[], ..config.clone() };
        let conn = open::reader(folder, &config).map_err(failed)?.conn;
        conn.execute_batch("BEGIN").map_err(failed)?;
        Ok(Some(Self(conn)))
    }

    /// What there is, and how many rows.
    pub(crate) fn tables(&self) -> Result<(Vec<ScriptTable>, u64), DumpError> {
        let mut tables = self.read().map_err(failed)?;
        let mut rows = 0;
        for table in &tables {
            let count = format!("SELECT count(*) FROM main.{}", quoted(&table.name));
            rows += self.0.query_row(&count, [], |row| row.get::<_, i64>(0)).map_err(failed)?.unsigned_abs();
        }
        if rows == 0 && tables.iter().all(|table| table.create.is_none()) {
            tables.clear();
        }
        Ok((tables, rows))
    }

    fn read(&self) -> rusqlite::Result<Vec<ScriptTable>> {
        let parents = "SELECT m.name FROM pragma_foreign_key_list($1) f JOIN main.sqlite_schema m
            ON m.type = 'table' AND lower(m.name) = lower(f.\"table\")";
        let mut related = Vec::new();
        for name in strings(&self.0, TABLES, [])? {
            let parents = strings(&self.0, parents, [&name])?;
            related.push((name, parents));
        }
        let described = |name: String| {
            if name == EFFECTS {
                let columns = EFFECT_COLUMNS.map(str::to_owned).to_vec();
                return Ok(ScriptTable { name, create: None, columns });
            }
            let sql = "SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = $1";
            let create = Some(self.0.query_row(sql, [&name], |row| row.get(0))?);
            let columns = columns(&self.0, &name)?;
            Ok(ScriptTable { name, create, columns })
        };
        parents_first(related).into_iter().map(described).collect()
    }

    pub(crate) fn rows(
        &self,
        table: &ScriptTable,
        write: &mut dyn FnMut(&[Value<'_>]) -> Result<(), DumpError>,
    ) -> Result<(), DumpError> {
        let sql = format!("SELECT {} FROM main.{}", quoted_list(&table.columns), quoted(&table.name));
        let mut statement = self.0.prepare(&sql).map_err(failed)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(failed)? {
            let columns = (0..table.columns.len()).map(|column| row.get_ref(column));
            let refs = columns.collect::<rusqlite::Result<Vec<_>>>().map_err(failed)?;
            // What is no UTF-8 is shown to scripts in this way too.
            let texts: Vec<_> = refs
                .iter()
                .map(|value| match value {
                    ValueRef::Text(bytes) => String::from_utf8_lossy(bytes),
                    _ => "".into(),
                })
                .collect();
            let texts = texts.iter().map(AsRef::as_ref);
            write(&refs.iter().zip(texts).map(|(value, text)| portable(*value, text)).collect::<Vec<_>>())?;
        }
        Ok(())
    }
}

/// `text` is what the value says if it is text.
fn portable<'v>(value: ValueRef<'v>, text: &'v str) -> Value<'v> {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(_) => Value::Text(text),
        ValueRef::Blob(bytes) => Value::Blob(bytes),
    }
}

/// See [`crate::backup::sizes`].
pub(crate) fn sizes(folder: &Path, config: &ScriptDbConfig) -> Result<Option<Vec<TableSize>>, Error> {
    let export =
        SqliteExport::begin(folder, config).map_err(|error| Error::Unavailable(error.to_string()))?;
    let Some(SqliteExport(conn)) = export else { return Ok(None) };
    let size = |table: String| {
        let count = format!("SELECT count(*) FROM main.{}", quoted(&table));
        let rows = conn.query_row(&count, [], |row| row.get(0))?;
        let bytes = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN
            (SELECT name FROM main.sqlite_schema WHERE tbl_name = $1)";
        let bytes = conn.query_row(bytes, [&table], |row| row.get(0))?;
        Ok(TableSize { table, rows, bytes })
    };
    let tables = strings(&conn, TABLES, []).and_then(|tables| tables.into_iter().map(size).collect());
    tables.map(Some).map_err(|error| classify(&error))
}

/// The columns that hold something of their own.
pub(super) fn columns(conn: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    // hidden: 2 and 3 are generated columns.
    strings(conn, "SELECT name FROM pragma_table_xinfo($1) WHERE hidden = 0 ORDER BY cid", [table])
}

/// The first column of an answer.
pub(super) fn strings(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> rusqlite::Result<Vec<String>> {
    conn.prepare(sql)?.query_map(params, |row| row.get(0))?.collect()
}
