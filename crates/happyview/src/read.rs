//! Things of one kind, page by page.

use std::fmt;

use crate::plan::Plan;
use crate::row::{Problem, Row};
use crate::{EncryptionKey, Error, Source};

/// Rows in memory at once.
const PAGE: u64 = 200;

/// How a row becomes a thing.
pub(crate) type Read<T> = fn(&Row, Option<&EncryptionKey>) -> Result<T, Problem>;

/// A row that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What it is called.
    pub name: String,
    /// What is wrong with it.
    pub problem: String,
}

/// All things of one kind, in a stable order.
pub struct Items<'s, T> {
    source: &'s Source,
    plan: &'static Plan,
    read: Read<T>,
    offset: u64,
    ended: bool,
}

impl<'s, T> Items<'s, T> {
    pub(crate) fn new(source: &'s Source, plan: &'static Plan, read: Read<T>) -> Self {
        Self { source, plan, read, offset: 0, ended: false }
    }

    /// How many there are, unreadable ones among them.
    pub async fn count(&self) -> Result<u64, Error> {
        self.source.count(self.plan).await
    }

    /// The next of them; nothing after the last.
    pub async fn next_page(&mut self) -> Result<Option<Vec<Result<T, Unreadable>>>, Error> {
        if self.ended {
            return Ok(None);
        }
        let rows = self.source.page(self.plan, PAGE, self.offset).await?;
        self.offset += PAGE;
        self.ended = (rows.len() as u64) < PAGE;
        if rows.is_empty() {
            return Ok(None);
        }
        let key = self.source.key();
        let read = |row: Row| {
            (self.read)(&row, key)
                .map_err(|Problem(problem)| Unreadable { name: row.name(self.plan.columns), problem })
        };
        Ok(Some(rows.into_iter().map(read).collect()))
    }
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("table", &self.plan.table).finish_non_exhaustive()
    }
}
