//! The rows of a table, page by page.

use std::fmt;
use std::pin::Pin;

use futures::StreamExt;
use futures::stream::Fuse;
use serde_json::value::RawValue;
use tokio_postgres::RowStream;

use crate::source::words;
use crate::{Error, Page, Unreadable};

/// All rows of one table.
pub struct Rows {
    pub(crate) table: String,
    /// A stream that has ended must not be asked again.
    pub(crate) stream: Pin<Box<Fuse<RowStream>>>,
}

impl Rows {
    /// The next of them; none after the last.
    pub async fn next_page(&mut self) -> Result<Vec<Result<Box<RawValue>, Unreadable>>, Error> {
        let mut page = Page::default();
        while !page.is_full() {
            let Some(row) = self.stream.next().await else { break };
            let row = row.and_then(|row| row.try_get(0));
            page.push(
                row.map_err(|error| Error::Read { table: self.table.clone(), message: words(&error) })?,
            );
        }
        Ok(page.into_rows())
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("table", &self.table).finish_non_exhaustive()
    }
}
