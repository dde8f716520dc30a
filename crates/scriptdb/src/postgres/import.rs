//! Taking the scripts' tables in, within the transaction that restores the state and with the rights of scripts.

use store::Conn;
use store::dump::{Cell, DumpError, Existing, ScriptTable};

use super::call::make;
use super::catalogue::{self, as_role};
use super::insert::Inserter;
use super::made::{find, order};
use super::references::References;
use crate::ScriptDbConfig;
use crate::backup::{EFFECT_COLUMNS, EFFECTS, quoted, refused};

/// The tables of a backup on their way into the schema `scripts`.
pub(crate) struct PostgresImport {
    config: ScriptDbConfig,
    /// Names that no table may have.
    views: Vec<&'static str>,
    /// Whose tables they become.
    role: Option<String>,
    into: Option<Inserter>,
    references: References,
}

impl PostgresImport {
    pub(crate) fn new(config: ScriptDbConfig, views: Vec<&'static str>) -> Self {
        Self { config, views, role: None, into: None, references: References::default() }
    }

    pub(crate) fn begin(&mut self, conn: &mut Conn<'_>, existing: Existing) -> Result<(), DumpError> {
        // Of an earlier attempt: it was rolled back.
        (self.into, self.references) = (None, References::default());
        self.role = catalogue::owner(conn)?;
        let Some(role) = &self.role else { return Ok(()) };
        let names = catalogue::names(conn)?;
        as_role(conn, role, |conn| {
            for table in &names {
                let name = quoted(table);
                let any = format!("SELECT (EXISTS (SELECT FROM scripts.{name}))::int");
                if existing == Existing::Keep && conn.query_one(&any, &[], |row| row.int(0))? == 1 {
                    return Err(DumpError::NotEmpty { table: format!("scripts.{table}") });
                }
            }
            for name in &names {
                conn.batch(&format!("DROP TABLE IF EXISTS scripts.{} CASCADE", quoted(name)))?;
            }
            Ok(())
        })?;
        Ok(conn.batch("DELETE FROM scripts_internal.effects")?)
    }

    pub(crate) fn table(&mut self, conn: &mut Conn<'_>, table: &ScriptTable) -> Result<(), DumpError> {
        self.flush(conn)?;
        let Some(role) = &self.role else {
            return Err(DumpError::Scripts("its schema is not there".into()));
        };
        let Some(create) = &table.create else {
            if table.name != EFFECTS || table.columns != EFFECT_COLUMNS {
                return Err(DumpError::damaged(format!("there is no table {} of the server", table.name)));
            }
            self.into = Some(Inserter::of_effects());
            return Ok(());
        };
        make(conn, create, &self.views, &self.config.limits).map_err(|why| refused(&table.name, why))?;
        let described = find(conn, &table.name)?
            .ok_or_else(|| refused(&table.name, "its statement makes another table"))?;
        let columns = order(described.columns, &table.columns)
            .ok_or_else(|| refused(&table.name, "its statement makes other columns"))?;
        self.references.defer(conn, role, &described.name)?;
        self.into = Some(Inserter::of_scripts(described.name, columns));
        Ok(())
    }

    pub(crate) fn row(&mut self, conn: &mut Conn<'_>, row: Vec<Cell>) -> Result<(), DumpError> {
        match &mut self.into {
            Some(inserter) => inserter.push(conn, row),
            None => Err(DumpError::damaged("a row belongs to no table")),
        }
    }

    pub(crate) fn end(&mut self, conn: &mut Conn<'_>) -> Result<(), DumpError> {
        self.flush(conn)?;
        match &self.role {
            Some(role) => self.references.check(conn, role),
            None => Ok(()),
        }
    }

    fn flush(&mut self, conn: &mut Conn<'_>) -> Result<(), DumpError> {
        match (self.into.take(), &self.role) {
            (Some(done), Some(role)) => done.finish(conn, role),
            _ => Ok(()),
        }
    }
}
