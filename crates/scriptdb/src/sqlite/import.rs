//! Taking the scripts' tables in, confined as scripts are.

use std::collections::HashSet;
use std::path::PathBuf;

use rusqlite::ToSql;
use store::dump::{Cell, DumpError, Existing, ScriptTable};

use super::export::{columns, strings};
use super::failure::classify;
use super::link::Link;
use super::trial::make;
use super::{FILE, open};
use crate::ScriptDbConfig;
use crate::backup::{EFFECT_COLUMNS, EFFECTS, failed, quoted, quoted_list, refused};
use crate::statement::Kind;

/// A transaction that is held open until the state has been restored.
pub(crate) struct SqliteImport {
    folder: PathBuf,
    config: ScriptDbConfig,
    /// Names that no table may have.
    views: Vec<&'static str>,
    /// Opened when there is something to do.
    link: Option<Link>,
    /// Where rows go: the table and the statement that adds one.
    into: Option<(ScriptTable, String)>,
}

impl SqliteImport {
    pub(crate) fn new(folder: PathBuf, config: ScriptDbConfig, views: Vec<&'static str>) -> Self {
        Self { folder, config, views, link: None, into: None }
    }

    pub(crate) fn begin(&mut self, existing: Existing) -> Result<(), DumpError> {
        // Of an earlier attempt: it is rolled back.
        (self.link, self.into) = (None, None);
        if !self.folder.join(FILE).exists() {
            return Ok(());
        }
        let conn = &self.open()?.conn;
        let sql = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name <> $1
            AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
        for table in strings(conn, sql, [EFFECTS]).map_err(failed)? {
            let name = quoted(&table);
            let any = format!("SELECT EXISTS (SELECT 1 FROM main.{name})");
            if existing == Existing::Keep && conn.query_row(&any, [], |row| row.get(0)).map_err(failed)? {
                return Err(DumpError::NotEmpty { table: format!("scripts.{table}") });
            }
            conn.execute_batch(&format!("DROP TABLE main.{name}")).map_err(failed)?;
        }
        conn.execute_batch(&format!("DELETE FROM main.{EFFECTS}")).map_err(failed)
    }

    fn open(&mut self) -> Result<&Link, DumpError> {
        if self.link.is_none() {
            let link = open::writer(&self.folder, &self.config).map_err(failed)?;
            // Rows may come before those they refer to; whether these are there is asked at the end.
            link.conn.execute_batch("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE").map_err(failed)?;
            self.link = Some(link);
        }
        self.link.as_ref().ok_or_else(|| failed("it is closed"))
    }

    pub(crate) fn table(&mut self, table: &ScriptTable) -> Result<(), DumpError> {
        let views = self.views.clone();
        let most = self.config.limits.sql_bytes;
        let link = self.open()?;
        match &table.create {
            None if table.name == EFFECTS && table.columns == EFFECT_COLUMNS => {}
            None => {
                return Err(DumpError::damaged(format!("there is no table {} of the server", table.name)));
            }
            Some(create) => {
                make(link, create, &views, most).map_err(|error| refused(&table.name, error))?;
                let here = columns(&link.conn, &table.name).map_err(failed)?;
                if !here
                    .iter()
                    .map(|name| name.to_ascii_lowercase())
                    .eq(table.columns.iter().map(|name| name.to_ascii_lowercase()))
                {
                    return Err(refused(&table.name, "its statement makes another table"));
                }
            }
        }
        let places: Vec<_> = (1..=table.columns.len()).map(|place| format!("?{place}")).collect();
        let insert = format!(
            "INSERT INTO main.{} ({}) VALUES ({})",
            quoted(&table.name),
            quoted_list(&table.columns),
            places.join(", ")
        );
        self.into = Some((table.clone(), insert));
        Ok(())
    }

    pub(crate) fn row(&mut self, row: &[Cell]) -> Result<(), DumpError> {
        let (Some(link), Some((table, sql))) = (&self.link, &self.into) else {
            return Err(DumpError::damaged("a row belongs to no table"));
        };
        // What is checked and generated was written by a script, or by whoever altered the file.
        let _trial = table.create.as_ref().map(|_| {
            let names = HashSet::from([table.name.to_ascii_lowercase()]);
            link.try_case(Kind::Write, names)
        });
        let wrong = |error| refused(&table.name, classify(&error));
        let mut statement = link.conn.prepare_cached(sql).map_err(wrong)?;
        for (column, cell) in row.iter().enumerate() {
            let value: &dyn ToSql = match cell {
                Cell::Null => &rusqlite::types::Null,
                Cell::Int(value) => value,
                Cell::Real(value) => value,
                Cell::Text(text) => text,
                Cell::Blob(bytes) => bytes,
            };
            statement.raw_bind_parameter(column + 1, value).map_err(wrong)?;
        }
        statement.raw_execute().map(drop).map_err(wrong)
    }

    pub(crate) fn end(&mut self) -> Result<(), DumpError> {
        let Some(link) = &self.link else { return Ok(()) };
        let dangling = "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1";
        match strings(&link.conn, dangling, []).map_err(failed)?.first() {
            Some(table) => Err(refused(table, "a row refers to a missing one")),
            None => Ok(()),
        }
    }

    pub(crate) fn commit(&mut self) -> Result<(), DumpError> {
        let Some(link) = self.link.take() else { return Ok(()) };
        link.conn
            .execute_batch("COMMIT")
            .map_err(|error| DumpError::ScriptsLost(classify(&error).to_string()))
    }
}
