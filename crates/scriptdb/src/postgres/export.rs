//! The scripts' tables as they are in the snapshot of the state.

use store::dump::{DumpError, ScriptTable};
use store::{Conn, Error, Row, TableSize, Value, v};

use super::catalogue::{self, Column, as_role};
use crate::backup::{EFFECT_COLUMNS, EFFECTS, quoted};

/// How names and values are written.
const SETTINGS: &str =
    "SET LOCAL search_path = scripts; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD';
    SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'";

/// What there is, and how many rows.
pub(crate) fn tables(conn: &mut Conn<'_>) -> Result<(Vec<ScriptTable>, u64), DumpError> {
    let Some(role) = catalogue::owner(conn)? else { return Ok((Vec::new(), 0)) };
    let before = conn.query_one("SELECT current_setting('search_path')", &[], |row| row.string(0))?;
    conn.batch(SETTINGS)?;
    let mut tables = Vec::new();
    for name in catalogue::names(conn)? {
        let described = catalogue::describe(conn, &name)?;
        let columns = described.columns.into_iter().map(|column| column.name).collect();
        tables.push(ScriptTable { name, create: Some(described.create), columns });
    }
    let mut rows = as_role(conn, &role, |conn| {
        tables.iter().try_fold(0, |rows, table| Ok::<_, Error>(rows + count(conn, &table.name)?))
    })?;
    let effects = conn.query_one("SELECT count(*) FROM scripts_internal.effects", &[], |row| row.int(0))?;
    rows += effects;
    conn.query_one("SELECT set_config('search_path', $1, true)", &[v(&before)], |row| row.string(0))?;
    if !tables.is_empty() || effects > 0 {
        let columns = EFFECT_COLUMNS.map(str::to_owned).to_vec();
        tables.push(ScriptTable { name: EFFECTS.to_owned(), create: None, columns });
    }
    Ok((tables, rows.unsigned_abs()))
}

fn count(conn: &mut Conn<'_>, table: &str) -> Result<i64, Error> {
    let is_divided = catalogue::describe(conn, table)?.is_divided;
    let from = source(table, is_divided);
    conn.query_one(&format!("SELECT count(*) FROM {from}"), &[], |row| row.int(0))
}

/// What inherits from a table is a table of its own.
fn source(table: &str, is_divided: bool) -> String {
    format!("{}scripts.{}", if is_divided { "" } else { "ONLY " }, quoted(table))
}

/// Gives all rows of a table, read with the rights of scripts.
pub(crate) fn rows(
    conn: &mut Conn<'_>,
    table: &ScriptTable,
    write: &mut dyn FnMut(&[Value<'_>]) -> Result<(), DumpError>,
) -> Result<(), DumpError> {
    let columns = table.columns.len();
    if table.create.is_none() {
        let sql = format!("SELECT {} FROM scripts_internal.effects", EFFECT_COLUMNS.join(", "));
        return conn.stream(&sql, |row| write(&values(row, columns)?));
    }
    if columns == 0 {
        return Ok(());
    }
    let role = catalogue::owner(conn)?.unwrap_or_default();
    let described = catalogue::describe(conn, &table.name)?;
    let selected: Vec<_> = described.columns.iter().map(portable).collect();
    let from = source(&described.name, described.is_divided);
    let sql = format!("SELECT {} FROM {from}", selected.join(", "));
    as_role(conn, &role, |conn| conn.stream(&sql, |row| write(&values(row, columns)?)))
}

/// A column as one of the types that a backup has.
fn portable(Column { name, kind }: &Column) -> String {
    let name = quoted(name);
    match kind.as_str() {
        "int2" | "int4" | "int8" => format!("{name}::pg_catalog.int8"),
        "float4" | "float8" => format!("{name}::pg_catalog.float8"),
        "bool" => format!("{name}::pg_catalog.int4::pg_catalog.int8"),
        "bytea" => name,
        _ => format!("{name}::pg_catalog.text"),
    }
}

fn values<'r>(row: &'r Row<'_>, columns: usize) -> Result<Vec<Value<'r>>, Error> {
    (0..columns).map(|column| row.value(column)).collect()
}

/// See [`crate::backup::sizes`].
pub(crate) fn sizes(conn: &mut Conn<'_>) -> Result<Option<Vec<TableSize>>, Error> {
    let Some(role) = catalogue::owner(conn)? else { return Ok(None) };
    let names = catalogue::names(conn)?;
    let mut sizes = as_role(conn, &role, |conn| {
        names.into_iter().map(|name| Ok((count(conn, &name)?, name))).collect::<Result<Vec<_>, Error>>()
    })?;
    let effects = conn.query_one("SELECT count(*) FROM scripts_internal.effects", &[], |row| row.int(0))?;
    sizes.push((effects, EFFECTS.to_owned()));
    let bytes = "SELECT coalesce(sum(pg_catalog.pg_total_relation_size(relid)), 0)::bigint
        FROM pg_catalog.pg_partition_tree($1::text::regclass)";
    let plain = "SELECT pg_catalog.pg_total_relation_size($1::text::regclass)";
    let measured = sizes.into_iter().map(|(rows, table)| {
        let ours = table == EFFECTS;
        let name =
            if ours { "scripts_internal.effects".into() } else { format!("scripts.{}", quoted(&table)) };
        let divided = conn.query_one(bytes, &[v(&name)], |row| row.int(0))?;
        let bytes = if divided > 0 { divided } else { conn.query_one(plain, &[v(&name)], |row| row.int(0))? };
        Ok(TableSize { table, rows, bytes })
    });
    measured.collect::<Result<Vec<_>, Error>>().map(Some)
}
