//! What is in a table: its name and the columns that hold something of their own.

use super::DumpError;
use crate::{Conn, Engine, Error, migrate, tables, v};

/// A table of the durable tier.
pub(super) struct Table {
    pub(super) name: String,
    /// Without generated ones: they follow from the others.
    pub(super) columns: Vec<String>,
}

/// Every table but the list of migrations, which each database keeps for itself.
pub(super) fn names(conn: &mut Conn<'_>) -> Result<Vec<String>, Error> {
    let mut names = tables::names(conn)?;
    names.retain(|name| name != migrate::TABLE);
    Ok(names)
}

impl Table {
    /// Fails for a column of a type that the other engine does not have.
    pub(super) fn load(conn: &mut Conn<'_>, name: String) -> Result<Self, DumpError> {
        let sql = match conn.engine() {
            // hidden: 2 and 3 are generated columns.
            Engine::Sqlite => {
                "SELECT name, lower(type) FROM pragma_table_xinfo($1) WHERE hidden = 0 ORDER BY cid"
            }
            Engine::Postgres => {
                "SELECT column_name::text, data_type::text FROM information_schema.columns
                 WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER'
                 ORDER BY ordinal_position"
            }
        };
        let columns = conn.query(sql, &[v(&name)], |row| Ok::<_, Error>((row.string(0)?, row.string(1)?)))?;
        let portable = |kind: &str| {
            let kinds = ["integer", "int", "real", "text", "blob", "bigint", "double precision", "bytea"];
            kinds.contains(&kind)
        };
        if let Some((column, kind)) = columns.iter().find(|(_, kind)| !portable(kind)) {
            return Err(DumpError::NotPortable { table: name, column: column.clone(), kind: kind.clone() });
        }
        Ok(Self { name, columns: columns.into_iter().map(|(column, _)| column).collect() })
    }

    /// Columns for a statement.
    pub(super) fn column_list(&self) -> String {
        self.columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn quoted_name(&self) -> String {
        quoted(&self.name)
    }
}

/// A name as an identifier: a column may be called `key` or `order`.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
