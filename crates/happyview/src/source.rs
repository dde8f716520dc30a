//! An opened database.

use crate::cell::Cell;
use crate::engine::Engine;
use crate::layout::Layout;
use crate::location::Location;
use crate::plan::Plan;
use crate::row::Row;
use crate::{EncryptionKey, Error};

/// A HappyView database. Everything is read as it was when this was opened.
#[derive(Debug)]
pub struct Source {
    engine: Engine,
    layout: Layout,
    key: Option<EncryptionKey>,
    shown: String,
}

impl Source {
    /// Opens `sqlite://PATH`, the path of a file, or `postgres://…`; secrets open with `key`.
    pub async fn open(url: &str, key: Option<EncryptionKey>) -> Result<Self, Error> {
        let location = Location::parse(url)?;
        let shown = location.display();
        let engine = Engine::open(&location).await?;
        let tables = engine.tables().await;
        let tables = tables.map_err(|message| Error::Open { what: shown.clone(), message })?;
        let layout = Layout::of(tables).ok_or_else(|| Error::Foreign(shown.clone()))?;
        Ok(Self { engine, layout, key, shown })
    }

    /// What was opened, for people: without its password.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Rows of a table, named without its prefix; none where there is no such table.
    pub async fn rows(&self, table: &'static str) -> Result<u64, Error> {
        self.count(&Plan::new(table, &[])).await
    }

    pub(crate) fn key(&self) -> Option<&EncryptionKey> {
        self.key.as_ref()
    }

    pub(crate) async fn count(&self, plan: &Plan) -> Result<u64, Error> {
        let Some(sql) = self.layout.count(plan) else { return Ok(0) };
        let rows = self.engine.rows(sql).await;
        let rows = rows.map_err(|message| Error::Read { table: plan.table, message })?;
        Ok(match rows.first().and_then(|row| row.first()) {
            Some(Cell::Int(count)) => u64::try_from(*count).unwrap_or_default(),
            _ => 0,
        })
    }

    pub(crate) async fn page(&self, plan: &Plan, limit: u64, offset: u64) -> Result<Vec<Row>, Error> {
        let Some((sql, names)) = self.layout.select(plan, limit, offset) else { return Ok(Vec::new()) };
        let rows = self.engine.rows(sql).await;
        let rows = rows.map_err(|message| Error::Read { table: plan.table, message })?;
        Ok(rows.into_iter().map(|cells| Row::new(names.iter().copied().zip(cells))).collect())
    }
}
