//! Rows may come before those they refer to; what they refer to must be there in the end.

use store::dump::DumpError;
use store::{Conn, Error, v};

use super::call::said;
use super::catalogue::as_role;
use crate::backup::{quoted, refused};

/// The foreign keys of tables that are being filled.
#[derive(Default)]
pub(super) struct References(Vec<Reference>);

struct Reference {
    table: String,
    name: String,
    /// Checked at once, as long as nobody restores anything.
    is_strict: bool,
}

impl References {
    /// Has those of a new table checked later.
    pub(super) fn defer(&mut self, conn: &mut Conn<'_>, role: &str, table: &str) -> Result<(), DumpError> {
        let sql = "SELECT k.conname::text, (NOT k.condeferrable)::int FROM pg_catalog.pg_constraint k
            JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
            WHERE k.contype = 'f' AND c.relnamespace = 'scripts'::regnamespace AND c.relname = $1";
        let found = conn.query(sql, &[v(table)], |row| {
            let is_strict = row.int(1)? == 1;
            Ok::<_, Error>(Reference { table: table.to_owned(), name: row.string(0)?, is_strict })
        })?;
        as_role(conn, role, |conn| {
            found.iter().try_for_each(|reference| {
                if reference.is_strict {
                    reference.alter(conn, "DEFERRABLE INITIALLY DEFERRED")
                } else {
                    conn.batch(&format!("SET CONSTRAINTS scripts.{} DEFERRED", quoted(&reference.name)))
                }
            })
        })?;
        self.0.extend(found);
        Ok(())
    }

    /// Checks them all, and has them checked as their statements say from now on.
    pub(super) fn check(&self, conn: &mut Conn<'_>, role: &str) -> Result<(), DumpError> {
        as_role(conn, role, |conn| {
            for reference in &self.0 {
                let checked =
                    conn.batch(&format!("SET CONSTRAINTS scripts.{} IMMEDIATE", quoted(&reference.name)));
                checked.map_err(|error| refused(&reference.table, said(&error)))?;
            }
            let mut strict = self.0.iter().filter(|reference| reference.is_strict);
            Ok(strict.try_for_each(|reference| reference.alter(conn, "NOT DEFERRABLE"))?)
        })
    }
}

impl Reference {
    fn alter(&self, conn: &mut Conn<'_>, to: &str) -> Result<(), Error> {
        conn.batch(&format!(
            "ALTER TABLE scripts.{} ALTER CONSTRAINT {} {to}",
            quoted(&self.table),
            quoted(&self.name)
        ))
    }
}
