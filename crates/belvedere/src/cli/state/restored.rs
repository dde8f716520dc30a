//! What `belvedere state restore` answers.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::Result;
use serde::Serialize;
use store::Store;
use store::dump::Summary;

use super::master_secret;
use crate::config::Settings;
use crate::output::{Answer, instant};

#[derive(Serialize)]
pub(super) struct Restored {
    made_at: String,
    made_by: String,
    made_on: String,
    engine: &'static str,
    database: String,
    rows: u64,
    tables: BTreeMap<String, u64>,
    /// How many tables of scripts are in the backup and were not restored.
    left_out: usize,
    /// What is to be done about the master secret before the server starts.
    master_secret: Option<String>,
}

impl Restored {
    pub(super) async fn new(
        summary: Summary,
        left_out: usize,
        store: &Store,
        settings: &Settings,
    ) -> Result<Self> {
        Ok(Self {
            rows: summary.rows(),
            made_at: instant(summary.header.at),
            made_by: summary.header.program,
            made_on: summary.header.engine,
            engine: store.state.engine().name(),
            database: settings.database.location.display(),
            tables: summary.tables,
            left_out,
            master_secret: master_secret::advice(settings, &store.state).await?,
        })
    }
}

impl Answer for Restored {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let Self { rows, database, made_at, made_by, made_on, .. } = self;
        let tables = self.tables.len();
        writeln!(to, "Restored {rows} rows of {tables} tables into {database} ({}).", self.engine)?;
        writeln!(to, "The backup was made at {made_at} by version {made_by} on {made_on}.")?;
        if self.left_out > 0 {
            writeln!(to, "Left out, as you wished: {} tables of scripts.", self.left_out)?;
        }
        if let Some(advice) = &self.master_secret {
            writeln!(to, "Before you start the server: {advice}.")?;
        }
        writeln!(
            to,
            "The records are not in it: start the server, then fetch them with `belvedere state rebuild`."
        )
    }
}
