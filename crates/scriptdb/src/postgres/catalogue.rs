//! What the scripts' tables are made of, and the statements that would make them again.

use store::{Conn, Error, v};

use super::written::Written;
use crate::backup::{parents_first, quoted};

/// A table of scripts.
pub(super) struct Described {
    pub(super) name: String,
    /// The columns that hold something of their own.
    pub(super) columns: Vec<Column>,
    /// `CREATE TABLE …`
    pub(super) create: String,
    /// A partitioned table, which holds nothing by itself.
    pub(super) is_divided: bool,
}

pub(super) struct Column {
    pub(super) name: String,
    /// The name of its type, without a length.
    pub(super) kind: String,
}

/// Whose the scripts' tables are; None if scripts have no database yet.
pub(super) fn owner(conn: &mut Conn<'_>) -> Result<Option<String>, Error> {
    let sql = "SELECT pg_catalog.pg_get_userbyid(nspowner)::text FROM pg_catalog.pg_namespace
        WHERE nspname = 'scripts' AND to_regclass('scripts_internal.effects') IS NOT NULL";
    conn.query_opt(sql, &[], |row| row.string(0))
}

/// Runs `f` with the rights of scripts.
pub(super) fn as_role<T, E: From<Error>>(
    conn: &mut Conn<'_>,
    role: &str,
    f: impl FnOnce(&mut Conn<'_>) -> Result<T, E>,
) -> Result<T, E> {
    conn.batch(&format!("SET LOCAL ROLE {}", quoted(role)))?;
    // If it fails the transaction does, and the role ends with it.
    let result = f(conn)?;
    conn.batch("SET LOCAL ROLE NONE")?;
    Ok(result)
}

/// The names of their tables, those that others refer to first. Partitions are part of what they divide.
pub(super) fn names(conn: &mut Conn<'_>) -> Result<Vec<String>, Error> {
    let tables = "SELECT c.relname::text FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'scripts'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        ORDER BY c.oid";
    let parents = "SELECT f.relname::text FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class f ON f.oid = k.confrelid JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        WHERE k.contype = 'f' AND c.relnamespace = 'scripts'::regnamespace AND c.relname = $1";
    let mut related = Vec::new();
    for name in conn.query(tables, &[], |row| row.string(0))? {
        let parents = conn.query(parents, &[v(&name)], |row| row.string(0))?;
        related.push((name, parents));
    }
    Ok(parents_first(related))
}

/// Reads about one table. Names are written as they are looked up now.
pub(super) fn describe(conn: &mut Conn<'_>, name: &str) -> Result<Described, Error> {
    let sql = "SELECT a.attname::text, t.typname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull::int,
            a.attidentity::text, a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid),
            (SELECT quote_ident(l.collname) FROM pg_catalog.pg_collation l
             WHERE l.oid = a.attcollation AND a.attcollation <> t.typcollation),
            (pg_get_serial_sequence(format('scripts.%I', c.relname), a.attname) IS NOT NULL)::int, (c.relkind = 'p')::int
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'scripts'::regnamespace AND c.relname = $1 AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum";
    let (mut parts, mut columns, mut is_divided) = (Vec::new(), Vec::new(), false);
    conn.for_each(sql, &[v(name)], |row| {
        let (column, kind) = (row.string(0)?, row.string(1)?);
        is_divided = row.int(9)? == 1;
        let written = Written {
            kind: &kind,
            full: row.text(2)?,
            identity: row.text(4)?,
            generated: row.text(5)?,
            default: row.opt_text(6)?,
            collation: row.opt_text(7)?,
            owns_sequence: row.int(8)? == 1,
        };
        let not_null = if row.int(3)? == 1 { " NOT NULL" } else { "" };
        parts.push(format!("{} {}{not_null}", quoted(&column), written.definition()));
        if written.generated.is_empty() {
            columns.push(Column { name: column, kind });
        }
        Ok::<_, Error>(())
    })?;
    let sql = "SELECT format('CONSTRAINT %I ', k.conname) || pg_get_constraintdef(k.oid)
        FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace = 'scripts'::regnamespace AND c.relname = $1 AND k.contype IN ('p', 'u', 'c', 'f', 'x')
        ORDER BY k.contype <> 'p', k.oid";
    parts.extend(conn.query(sql, &[v(name)], |row| row.string(0))?);
    let create = format!("CREATE TABLE {} (\n    {}\n)", quoted(name), parts.join(",\n    "));
    Ok(Described { name: name.to_owned(), columns, create, is_divided })
}
