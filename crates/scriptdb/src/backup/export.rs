//! The scripts' tables on their way into a backup.

use std::path::PathBuf;

use store::dump::{DumpError, ScriptSource, ScriptTable};
use store::{Conn, Location, Value};

use crate::sqlite::SqliteExport;
use crate::{ScriptDbConfig, postgres};

/// Reads everything that scripts keep, as it is at one moment: their tables, and what is remembered of their effects. The
/// server may run.
pub struct Export {
    end: End,
}

enum End {
    /// The folder, and the snapshot once it has begun.
    Sqlite(PathBuf, ScriptDbConfig, Option<SqliteExport>),
    /// The tables are in the database of the state, and so in its snapshot.
    Postgres,
}

impl Export {
    /// Of the database `config` is about, which need not exist.
    #[must_use]
    pub fn new(config: ScriptDbConfig) -> Self {
        let end = match &config.location {
            Location::Sqlite(folder) => End::Sqlite(folder.clone(), config, None),
            Location::Postgres(_) => End::Postgres,
        };
        Self { end }
    }
}

impl ScriptSource for Export {
    fn begin(&mut self, state: &mut Conn<'_>) -> Result<(Vec<ScriptTable>, u64), DumpError> {
        match &mut self.end {
            End::Sqlite(folder, config, snapshot) => match SqliteExport::begin(folder, config)? {
                Some(begun) => snapshot.insert(begun).tables(),
                None => Ok((Vec::new(), 0)),
            },
            End::Postgres => postgres::export::tables(state),
        }
    }

    fn rows(
        &mut self,
        state: &mut Conn<'_>,
        table: &ScriptTable,
        write: &mut dyn FnMut(&[Value<'_>]) -> Result<(), DumpError>,
    ) -> Result<(), DumpError> {
        match &mut self.end {
            End::Sqlite(.., Some(snapshot)) => snapshot.rows(table, write),
            End::Sqlite(.., None) => Ok(()),
            End::Postgres => postgres::export::rows(state, table, write),
        }
    }
}
