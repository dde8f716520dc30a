//! Rows may come before those they refer to; what they refer to must be there in the end.

use super::table::quoted;
use crate::{Conn, Engine, Error};

/// A PostgreSQL constraint that is checked at once, as an identifier within a table.
pub(super) struct Strict {
    table: String,
    name: String,
}

impl Strict {
    fn alter(&self, conn: &mut Conn<'_>, to: &str) -> Result<(), Error> {
        conn.batch(&format!(
            "ALTER TABLE {} ALTER CONSTRAINT {} {to}",
            quoted(&self.table),
            quoted(&self.name)
        ))
    }
}

/// SQLite cannot drop a table while one that refers to it refers to another that is gone already.
pub(super) fn children_first(conn: &mut Conn<'_>, mut tables: Vec<String>) -> Result<Vec<String>, Error> {
    let mut references = conn.query(
        "SELECT m.name, f.\"table\" FROM sqlite_master m, pragma_foreign_key_list(m.name) f
         WHERE m.type = 'table' AND m.name <> f.\"table\"",
        &[],
        |row| Ok::<_, Error>((row.string(0)?, row.string(1)?)),
    )?;
    let mut ordered = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let is_free = |table: &String| !references.iter().any(|(_, parent)| parent == table);
        // Tables that refer to each other can go in any order.
        let next = tables.remove(tables.iter().position(is_free).unwrap_or_default());
        references.retain(|(child, _)| *child != next);
        ordered.push(next);
    }
    Ok(ordered)
}

/// Has references checked when the transaction ends. The result is for [`check`].
pub(super) fn defer(conn: &mut Conn<'_>) -> Result<Vec<Strict>, Error> {
    if conn.engine() == Engine::Sqlite {
        // Until the end of the transaction.
        conn.batch("PRAGMA defer_foreign_keys = ON")?;
        return Ok(Vec::new());
    }
    let strict = conn.query(
        "SELECT t.relname::text, c.conname::text FROM pg_catalog.pg_constraint c
         JOIN pg_catalog.pg_class t ON t.oid = c.conrelid
         WHERE c.contype = 'f' AND NOT c.condeferrable AND c.connamespace = current_schema()::regnamespace",
        &[],
        |row| Ok::<_, Error>(Strict { table: row.string(0)?, name: row.string(1)? }),
    )?;
    for constraint in &strict {
        constraint.alter(conn, "DEFERRABLE INITIALLY DEFERRED")?;
    }
    Ok(strict)
}

/// Checks all references, and has them checked at once from now on.
pub(super) fn check(conn: &mut Conn<'_>, strict: &[Strict]) -> Result<(), Error> {
    if conn.engine() == Engine::Sqlite {
        let dangling =
            conn.query_opt("SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1", &[], |row| {
                Ok::<_, Error>(format!(
                    "a row of {} refers to a missing one of {}",
                    row.text(0)?,
                    row.text(1)?
                ))
            })?;
        return match dangling {
            Some(message) => Err(Error::Schema { schema: "references", message }),
            None => Ok(()),
        };
    }
    conn.batch("SET CONSTRAINTS ALL IMMEDIATE")?;
    strict.iter().try_for_each(|constraint| constraint.alter(conn, "NOT DEFERRABLE"))
}
