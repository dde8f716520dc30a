//! One connection and the statements that run on it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, ToSql};

use super::authorizer::{Case, Judge};
use super::failure::classify;
use super::views::names;
use crate::rows::{Collector, real, text};
use crate::script_db::Request;
use crate::statement::{Kind, Statement};
use crate::{Error, Limits, Param, Rows};

/// A confined connection.
pub(super) struct Link {
    pub(super) conn: Connection,
    pub(super) judge: Judge,
    pub(super) limits: Limits,
    /// The scripts' own tables, as of `version`.
    tables: Arc<HashSet<String>>,
    version: i64,
}

impl Link {
    /// Takes a connection whose authorizer and clock are the judge's, and shows that its views can be read.
    pub(super) fn new(conn: Connection, judge: Judge, limits: Limits) -> rusqlite::Result<Self> {
        let views = names(&conn, "SELECT name FROM temp.sqlite_schema")?;
        let deadline = Instant::now() + limits.time;
        for view in views {
            let names = HashSet::from([view.clone()]);
            let _trial = judge.try_case(Case { kind: Kind::Read, deadline, names, tables: Arc::default() });
            for select in ["*", "count(*)"] {
                conn.prepare(&format!("SELECT {select} FROM \"{view}\""))?;
            }
        }
        Ok(Self { conn, judge, limits, tables: Arc::default(), version: -1 })
    }

    /// Runs a script's statement, and what makes it one that takes effect once.
    pub(super) fn run(&mut self, request: &Request) -> Result<Rows, Error> {
        let tables = self.own_tables().map_err(|error| classify(&error))?;
        match &request.once {
            Some(effect) => self.run_once(request, effect, tables),
            None if request.statement.kind == Kind::Read => self.rows(request, tables),
            None => self.in_transaction(|| self.rows(request, tables)),
        }
    }

    /// Runs the statement as a script's.
    pub(super) fn rows(&self, request: &Request, tables: Arc<HashSet<String>>) -> Result<Rows, Error> {
        let deadline = Instant::now() + self.limits.time;
        let Statement { sql, kind, names, .. } = &request.statement;
        let case = Case { kind: *kind, deadline, names: names.clone(), tables };
        let _trial = self.judge.try_case(case);
        let mut statement = self.conn.prepare(sql).map_err(|error| classify(&error))?;
        bind(&mut statement, &request.params).map_err(|error| classify(&error))?;
        let columns: Vec<String> = statement.column_names().map(text).collect();
        let mut collector = Collector::new(&self.limits);
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| classify(&error))? {
            collector.row(|json| push_row(json, &columns, row).map_err(|error| classify(&error)))?;
        }
        Ok(collector.finish())
    }

    pub(super) fn in_transaction<T>(&self, f: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let batch = |sql| self.conn.execute_batch(sql).map_err(|error| classify(&error));
        batch("BEGIN IMMEDIATE")?;
        let result = f().and_then(|value| batch("COMMIT").map(|()| value));
        // The engine may have given the transaction up by itself, as it does when the disk is full.
        if result.is_err() && !self.conn.is_autocommit() {
            batch("ROLLBACK")?;
        }
        result
    }

    /// The names of the scripts' tables, read again when one has been created.
    fn own_tables(&mut self) -> rusqlite::Result<Arc<HashSet<String>>> {
        let version = self.conn.query_row("PRAGMA main.schema_version", [], |row| row.get(0))?;
        if version != self.version {
            self.tables =
                names(&self.conn, "SELECT name FROM main.sqlite_schema WHERE type = 'table'")?.into();
            self.version = version;
        }
        Ok(Arc::clone(&self.tables))
    }
}

/// SQLite numbers `$2` by where it first appears, so its name decides which value it gets.
fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Param]) -> rusqlite::Result<()> {
    for position in 1..=statement.parameter_count() {
        let number = statement.parameter_name(position).and_then(|name| name.get(1..)?.parse().ok());
        let param = number.unwrap_or(position).checked_sub(1).and_then(|number| params.get(number));
        let value: &dyn ToSql = match param {
            Some(Param::Bool(value)) => value,
            Some(Param::Int(value)) => value,
            Some(Param::Real(value)) => value,
            Some(Param::Text(value)) => value,
            Some(Param::Null) | None => &rusqlite::types::Null,
        };
        statement.raw_bind_parameter(position, value)?;
    }
    Ok(())
}

fn push_row(json: &mut String, columns: &[String], row: &Row<'_>) -> rusqlite::Result<()> {
    json.push('{');
    let start = json.len();
    for (position, name) in columns.iter().enumerate() {
        let Some(value) = json_of(row.get_ref(position)?) else { continue };
        if json.len() > start {
            json.push(',');
        }
        json.extend([name, ":", &value]);
    }
    json.push('}');
    Ok(())
}

/// None for NULL, and for infinity, which JSON does not know.
fn json_of(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(value) => Some(value.to_string()),
        ValueRef::Real(value) => real(value),
        ValueRef::Text(bytes) => Some(text(&String::from_utf8_lossy(bytes))),
        // As PostgreSQL writes it.
        ValueRef::Blob(bytes) => Some(text(&format!("\\x{}", data_encoding::HEXLOWER.encode(bytes)))),
    }
}
