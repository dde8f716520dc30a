//! The rows of a table, page by page.

use std::fmt;

use postgres_source::Unreadable;
use serde_json::value::RawValue;

use crate::dump::TableLines;
use crate::{Error, Table};

/// All rows of one table.
pub struct Rows {
    pub(crate) table: Table,
    pub(crate) from: From,
}

pub(crate) enum From {
    Nothing,
    Server(postgres_source::Rows),
    File(TableLines),
}

impl Rows {
    /// The next of them; none after the last.
    pub async fn next_page(&mut self) -> Result<Vec<Result<Box<RawValue>, Unreadable>>, Error> {
        match &mut self.from {
            From::Nothing => Ok(Vec::new()),
            From::Server(rows) => Ok(rows.next_page().await?),
            From::File(lines) => {
                let failed = |message: std::io::Error| Error::dump(self.table, &message);
                Ok(lines.next_page().await.map_err(failed)?.into_rows())
            }
        }
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").field("table", &self.table).finish_non_exhaustive()
    }
}
