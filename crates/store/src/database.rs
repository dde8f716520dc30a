//! The two databases of a server and how closures reach them.

use std::path::Path;
use std::sync::Arc;

use crate::postgres::PostgresDatabase;
use crate::sqlite::SqliteDatabase;
use crate::{Conn, Engine, Error, Location, Schema, StoreConfig, TableSize, Tier, migrate, tables};

/// All databases of one server. No transaction spans two of them.
#[derive(Clone, Debug)]
pub struct Store {
    /// Durable: accounts, keys, settings, local decisions.
    pub state: Database,
    /// Rebuildable: records and everything derived from them.
    pub index: Database,
    /// Where they are.
    pub location: Location,
}

impl Store {
    /// Opens the databases, migrates them and checks that every table is in the tier it was declared for.
    pub async fn open(config: &StoreConfig, schemas: &[&'static Schema]) -> Result<Self, Error> {
        Ok(Self {
            state: Database::open(config, Tier::State, schemas).await?,
            index: Database::open(config, Tier::Index, schemas).await?,
            location: config.location.clone(),
        })
    }

    /// The database of a tier.
    #[must_use]
    pub fn tier(&self, tier: Tier) -> &Database {
        match tier {
            Tier::State => &self.state,
            Tier::Index => &self.index,
        }
    }

    /// Empties the write-ahead logs into the database files; nothing to do on PostgreSQL.
    pub async fn checkpoint(&self) -> Result<(), Error> {
        self.state.checkpoint().await?;
        self.index.checkpoint().await
    }
}

/// Who asks; on PostgreSQL each has connections of its own, so that neither starves the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Somebody waits for an answer.
    Requests,
    /// The stream.
    Ingest,
    /// What is fetched of the past.
    Backfill,
}

/// One tier. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    backend: Arc<Backend>,
    role: Role,
}

#[derive(Debug)]
enum Backend {
    Sqlite(SqliteDatabase),
    Postgres(PostgresDatabase),
}

impl Database {
    async fn open(config: &StoreConfig, tier: Tier, schemas: &[&'static Schema]) -> Result<Self, Error> {
        let backend = match &config.location {
            Location::Sqlite(dir) => {
                Backend::Sqlite(SqliteDatabase::open(dir, tier, config.max_connections)?)
            }
            Location::Postgres(url) => {
                Backend::Postgres(PostgresDatabase::open(url, tier, config.max_connections).await?)
            }
        };
        let database = Self { backend: Arc::new(backend), role: Role::Requests };
        let schemas = schemas.to_vec();
        database.write(move |conn| migrate::run(conn, tier, &schemas)).await?;
        Ok(database)
    }

    /// Runs `f` outside any transaction; its statements must only read. On PostgreSQL each statement sees what is
    /// committed when it starts.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(database) => database.read(f).await,
            Backend::Postgres(database) => database.read(self.role, f).await,
        }
    }

    /// Like [`read`](Self::read), for a look-up of a few rows that an index answers: on SQLite it runs on the calling
    /// thread, which costs less than handing it to another one. A statement that may take milliseconds does not
    /// belong here.
    pub async fn read_brief<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(database) => database.read_brief(f),
            Backend::Postgres(database) => database.read(self.role, f).await,
        }
    }

    /// Runs `f` in one transaction that is committed when it returns `Ok` and undone when it fails or panics.
    ///
    /// `f` may run several times (PostgreSQL asks for it when transactions collide), so it must have no effect
    /// besides its statements. On the durable tier transactions are serializable and survive power loss.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(database) => database.write(f).await,
            Backend::Postgres(database) => database.write(self.role, f).await,
        }
    }

    /// Like [`write`](Self::write), for a transaction of a few short statements: on SQLite it runs on the calling thread if
    /// nobody else is writing and commits are quick, which costs less than handing it to another one.
    pub async fn write_brief<T, E, F>(&self, f: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    {
        match &*self.backend {
            Backend::Sqlite(database) => database.write_brief(f).await,
            Backend::Postgres(database) => database.write(self.role, f).await,
        }
    }

    /// The same database, with the connections of `role`.
    #[must_use]
    pub fn with_role(&self, role: Role) -> Self {
        Self { backend: Arc::clone(&self.backend), role }
    }

    /// Which engine it runs on.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match &*self.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// How many connections this role may have; on SQLite, how many threads read for all roles.
    #[must_use]
    pub fn connections(&self) -> usize {
        match &*self.backend {
            Backend::Sqlite(database) => database.readers(),
            Backend::Postgres(database) => database.connections(self.role),
        }
    }

    /// The database file, if it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &*self.backend {
            Backend::Sqlite(database) => Some(database.path()),
            Backend::Postgres(_) => None,
        }
    }

    /// Rows and bytes of every table. Reads everything: for people, not for requests.
    pub async fn table_sizes(&self) -> Result<Vec<TableSize>, Error> {
        self.read(tables::sizes).await
    }

    /// Bytes on disk, as the file system or the server counts them: quick, and without a word on what is in them.
    pub async fn bytes(&self) -> Result<u64, Error> {
        match self.file() {
            Some(file) => Ok(tables::file_bytes(file)),
            None => self.read(tables::schema_bytes).await,
        }
    }

    async fn checkpoint(&self) -> Result<(), Error> {
        match &*self.backend {
            Backend::Sqlite(database) => database.checkpoint().await,
            Backend::Postgres(_) => Ok(()),
        }
    }
}
