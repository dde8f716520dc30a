//! The tables that scripts made: a section of a dump whose two ends are elsewhere, because they are in another database.

use super::{Cell, DumpError, Existing};
use crate::{Conn, Value};

/// A table of the scripts' database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptTable {
    /// Its name.
    pub name: String,
    /// The statement that makes it. None for a table that is the server's own and made by it.
    pub create: Option<String>,
    /// In the order of the values in each row, without generated ones.
    pub columns: Vec<String>,
}

impl ScriptTable {
    /// What it is called among the tables of a dump.
    pub(super) fn counted_as(&self) -> String {
        format!("{PREFIX}{}", self.name)
    }
}

/// More tables than scripts can have use for: what is counted for each is kept in memory.
pub(super) const MAX_TABLES: usize = 200_000;

/// No table of the state has a dot in its name.
pub(super) const PREFIX: &str = "scripts.";

/// Where scripts' tables come from.
///
/// `state` is a connection in the snapshot of the state; on PostgreSQL the scripts' tables are in the same database.
pub trait ScriptSource: Send + 'static {
    /// Begins a snapshot. That of the state has begun, so whatever had become of an event there is seen here too.
    /// Returns the tables, those that others refer to first, and how many rows they have; none if there is nothing.
    fn begin(&mut self, state: &mut Conn<'_>) -> Result<(Vec<ScriptTable>, u64), DumpError>;

    /// Gives all rows of one of them.
    fn rows(
        &mut self,
        state: &mut Conn<'_>,
        table: &ScriptTable,
        write: &mut dyn FnMut(&[Value<'_>]) -> Result<(), DumpError>,
    ) -> Result<(), DumpError>;
}

/// Where scripts' tables go.
///
/// `state` is a connection in the transaction that restores the state, which may yet fail. What is a transaction of another
/// database is kept by [`commit`](Self::commit) and else undone.
pub trait ScriptTarget: Send + 'static {
    /// Makes room, if it may; also for a dump without tables of scripts.
    fn begin(&mut self, state: &mut Conn<'_>, existing: Existing) -> Result<(), DumpError>;

    /// Makes a table. The statement comes out of the file, so it is not to be trusted.
    fn table(&mut self, state: &mut Conn<'_>, table: ScriptTable) -> Result<(), DumpError>;

    /// Adds a row, with a value for every column, to the table made last.
    fn row(&mut self, state: &mut Conn<'_>, row: Vec<Cell>) -> Result<(), DumpError>;

    /// Everything is there: fails if something refers to what is not.
    fn end(&mut self, state: &mut Conn<'_>) -> Result<(), DumpError>;

    /// The state has been restored.
    fn commit(&mut self) -> Result<(), DumpError>;
}

/// Nothing of scripts: as a source there is none, as a target what there is stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct WithoutScripts;

impl ScriptSource for WithoutScripts {
    fn begin(&mut self, _: &mut Conn<'_>) -> Result<(Vec<ScriptTable>, u64), DumpError> {
        Ok((Vec::new(), 0))
    }

    fn rows(
        &mut self,
        _: &mut Conn<'_>,
        _: &ScriptTable,
        _: &mut dyn FnMut(&[Value<'_>]) -> Result<(), DumpError>,
    ) -> Result<(), DumpError> {
        Ok(())
    }
}

impl ScriptTarget for WithoutScripts {
    fn begin(&mut self, _: &mut Conn<'_>, _: Existing) -> Result<(), DumpError> {
        Ok(())
    }

    fn table(&mut self, _: &mut Conn<'_>, _: ScriptTable) -> Result<(), DumpError> {
        Ok(())
    }

    fn row(&mut self, _: &mut Conn<'_>, _: Vec<Cell>) -> Result<(), DumpError> {
        Ok(())
    }

    fn end(&mut self, _: &mut Conn<'_>) -> Result<(), DumpError> {
        Ok(())
    }

    fn commit(&mut self) -> Result<(), DumpError> {
        Ok(())
    }
}
