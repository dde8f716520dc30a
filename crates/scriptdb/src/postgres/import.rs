//! Taking the scripts' tables in, within the transaction that restores the state and with the rights of scripts.

use store::dump::{Cell, DumpError, Existing, ScriptTable};
use store::{Conn, Engine, Error, Value, v};

use super::catalogue::{self, Column, as_role};
use super::insert::Inserter;
use super::references::References;
use crate::ScriptDbConfig;
use crate::backup::{EFFECT_COLUMNS, EFFECTS, quoted, refused};
use crate::statement::{Kind, Statement};

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
        make(conn, create, &self.views, self.config.limits.sql_bytes)
            .map_err(|why| refused(&table.name, why))?;
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

/// Runs a statement out of a backup as if a script had asked for it.
fn make(conn: &mut Conn<'_>, create: &str, views: &[&str], most: usize) -> Result<(), String> {
    if create.len() > most {
        return Err("its statement is too long".into());
    }
    let statement = Statement::parse(create, Engine::Postgres, views).map_err(|error| error.to_string())?;
    if statement.kind != Kind::Create || statement.parameters > 0 {
        return Err("its statement is no CREATE TABLE".into());
    }
    run(conn, &statement.sql, "create", &[]).map_err(|error| said(&error))
}

/// Runs a statement with the rights of scripts.
pub(super) fn run(conn: &mut Conn<'_>, sql: &str, shape: &str, values: &[Option<&str>]) -> Result<(), Error> {
    let call = "SELECT scripts_internal.run($1, $2, $3, 0, 0)";
    let arguments = [v(sql), v(shape), Value::Texts(values)];
    conn.for_each(call, &arguments, |_| Ok::<_, Error>(()))
}

/// What the server says, without our statement, which says nothing to anybody.
pub(super) fn said(error: &Error) -> String {
    match error {
        Error::Sql { message, .. } => message.clone(),
        other => other.to_string(),
    }
}

/// A table of this name, as this engine writes it if it came without quotes.
fn find(conn: &mut Conn<'_>, name: &str) -> Result<Option<catalogue::Described>, Error> {
    let sql = "SELECT c.relname::text FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'scripts'::regnamespace AND c.relkind = 'r' AND lower(c.relname) = lower($1)
        ORDER BY c.relname <> $1 LIMIT 1";
    match conn.query_opt(sql, &[v(name)], |row| row.string(0))? {
        Some(found) => catalogue::describe(conn, &found).map(Some),
        None => Ok(None),
    }
}

/// The columns in the order of the values; None if they are others.
fn order(mut here: Vec<Column>, there: &[String]) -> Option<Vec<Column>> {
    let find = |name: &String, here: &mut Vec<Column>| {
        let exact = here.iter().position(|column| column.name == *name);
        let folded = || here.iter().position(|column| column.name.eq_ignore_ascii_case(name));
        exact.or_else(folded).map(|at| here.remove(at))
    };
    let ordered = there.iter().map(|name| find(name, &mut here)).collect::<Option<Vec<_>>>()?;
    here.is_empty().then_some(ordered)
}
