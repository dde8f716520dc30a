//! An opened database.

use std::path::Path;

use postgres_source::shown;

use crate::dump::{Dump, TableLines};
use crate::rows::{From, Rows};
use crate::{Error, Table};

/// A Happy database. A server is read as it was when this was opened.
#[derive(Debug)]
pub struct Source {
    kind: Kind,
    shown: String,
}

#[derive(Debug)]
enum Kind {
    Postgres(postgres_source::Source),
    Dump(Dump),
}

impl Source {
    /// Opens `postgres://…`, or the path of a dump.
    pub async fn open(source: &str) -> Result<Self, Error> {
        let opened = if postgres_source::Source::is_url(source) {
            let server = postgres_source::Source::open(source).await?;
            Self { shown: server.shown().to_owned(), kind: Kind::Postgres(server) }
        } else if source.contains("://") {
            let message = "it is neither a file nor a URL that begins with postgres://".to_owned();
            return Err(Error::Open { what: shown(source), message });
        } else {
            Self { kind: Kind::Dump(Dump::open(Path::new(source)).await?), shown: source.to_owned() }
        };
        if !opened.has(Table::Account).await? && !opened.has(Table::Session).await? {
            return Err(Error::Foreign(opened.shown));
        }
        Ok(opened)
    }

    /// What was opened, for people: without its password.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Lines of a dump that say of no table that they are its rows.
    #[must_use]
    pub fn strange_lines(&self) -> u64 {
        if let Kind::Dump(dump) = &self.kind { dump.strange } else { 0 }
    }

    /// How many rows a table has, unreadable ones among them; none if there is no such table.
    pub async fn count(&self, table: Table) -> Result<u64, Error> {
        if !self.has(table).await? {
            return Ok(0);
        }
        match &self.kind {
            Kind::Postgres(postgres) => Ok(postgres.count(table.name()).await?),
            Kind::Dump(dump) => Ok(dump.counts.get(&table).copied().unwrap_or_default()),
        }
    }

    /// The rows of a table; none if there is no such table.
    pub async fn rows(&self, table: Table) -> Result<Rows, Error> {
        if !self.has(table).await? {
            return Ok(Rows { table, from: From::Nothing });
        }
        let from = match &self.kind {
            Kind::Postgres(postgres) => From::Server(postgres.rows(table.name(), table.order()).await?),
            Kind::Dump(dump) => {
                let lines = TableLines::open(&dump.path, table).await;
                From::File(lines.map_err(|error| Error::dump(table, &error))?)
            }
        };
        Ok(Rows { table, from })
    }

    async fn has(&self, table: Table) -> Result<bool, Error> {
        match &self.kind {
            Kind::Postgres(postgres) => Ok(postgres.has(table.name()).await?),
            Kind::Dump(dump) => Ok(dump.counts.contains_key(&table)),
        }
    }
}
