//! The scripts' tables on their way into a backup.

use store::dump::{DumpError, ScriptSource, ScriptTable};
use store::{Conn, Location, Value};

use crate::sqlite::SqliteExport;
use crate::{ScriptDbConfig, postgres};

/// Reads everything that scripts keep, as it is at one moment: their tables, and what is remembered of their effects. The
/// server may run.
pub struct Export {
    config: ScriptDbConfig,
    /// SQLite: begun, if there is a database. On PostgreSQL the tables are in the database of the state, and so in its snapshot.
    snapshot: Option<SqliteExport>,
}

impl Export {
    /// Of the database `config` is about, which need not exist.
    #[must_use]
    pub fn new(config: ScriptDbConfig) -> Self {
        Self { config, snapshot: None }
    }
}

impl ScriptSource for Export {
    fn begin(&mut self, state: &mut Conn<'_>) -> Result<(Vec<ScriptTable>, u64), DumpError> {
        let Location::Sqlite(folder) = &self.config.location else { return postgres::export::tables(state) };
        self.snapshot = SqliteExport::begin(folder, &self.config)?;
        self.snapshot.as_ref().map_or(Ok((Vec::new(), 0)), SqliteExport::tables)
    }

    fn rows(
        &mut self,
        state: &mut Conn<'_>,
        table: &ScriptTable,
        write: &mut dyn FnMut(&[Value<'_>]) -> Result<(), DumpError>,
    ) -> Result<(), DumpError> {
        match &self.snapshot {
            Some(snapshot) => snapshot.rows(table, write),
            None => postgres::export::rows(state, table, write),
        }
    }
}
