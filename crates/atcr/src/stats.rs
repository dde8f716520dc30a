//! How often images were fetched and sent.

use crate::rows::Cells;
use crate::{Error, Source, Table, Unreadable};

/// A row of the table `repository_stats`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// Whose repository it is.
    pub did: String,
    /// The repository.
    pub repository: String,
    /// Downloads.
    pub pulls: u64,
    /// Uploads.
    pub pushes: u64,
    /// In microseconds.
    pub last_pull: Option<i64>,
    /// In microseconds.
    pub last_push: Option<i64>,
}

const COLUMNS: [&str; 6] = ["did", "repository", "pull_count", "push_count", "last_pull", "last_push"];

impl Source {
    /// Reads the statistics of all repositories.
    pub fn stats(&self, take: impl FnMut(Result<Stats, Unreadable>)) -> Result<(), Error> {
        self.rows(Table::Stats, &COLUMNS, read, take)
    }
}

fn read(cells: &Cells<'_>) -> Result<Stats, Unreadable> {
    let text = |column, what| cells.text(column, what)?.ok_or_else(|| format!("it has no {what}"));
    let name = [0, 1].map(|column| cells.text(column, "name").ok().flatten().unwrap_or_default()).join("/");
    let stats = || {
        Ok::<_, String>(Stats {
            did: text(0, "DID")?,
            repository: text(1, "repository")?,
            pulls: cells.count(2, "pull_count")?,
            pushes: cells.count(3, "push_count")?,
            last_pull: cells.moment(4),
            last_push: cells.moment(5),
        })
    };
    stats().map_err(|problem| Unreadable { name, problem })
}
