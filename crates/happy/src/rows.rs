//! The rows of a table, page by page.

use std::fmt;
use std::pin::Pin;

use futures::StreamExt;
use futures::stream::Fuse;
use serde_json::value::RawValue;
use tokio_postgres::RowStream;

use crate::dump::TableLines;
use crate::page::Page;
use crate::postgres::words;
use crate::{Error, Table, Unreadable};

/// All rows of one table.
pub struct Rows {
    pub(crate) table: Table,
    pub(crate) from: From,
}

pub(crate) enum From {
    Nothing,
    /// A stream that has ended must not be asked again.
    Server(Pin<Box<Fuse<RowStream>>>),
    File(TableLines),
}

impl Rows {
    /// The next of them; none after the last.
    pub async fn next_page(&mut self) -> Result<Vec<Result<Box<RawValue>, Unreadable>>, Error> {
        let failed = |message: String| Error::Read { table: self.table.name(), message };
        let page = match &mut self.from {
            From::Nothing => Page::default(),
            From::Server(stream) => server_page(stream).await.map_err(failed)?,
            From::File(lines) => lines.next_page().await.map_err(|error| failed(error.to_string()))?,
        };
        Ok(page.rows)
    }
}

async fn server_page(stream: &mut Pin<Box<Fuse<RowStream>>>) -> Result<Page, String> {
    let mut page = Page::default();
    while !page.is_full() {
        let Some(row) = stream.next().await else { break };
        let row = row.map_err(|error| words(&error))?;
        page.push(row.try_get(0).map_err(|error| words(&error))?);
    }
    Ok(page)
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("table", &self.table).finish_non_exhaustive()
    }
}
