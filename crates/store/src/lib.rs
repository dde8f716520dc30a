//! The databases: SQLite or PostgreSQL behind one small interface, in tiers, with migrations.
//!
//! A transaction is a *function*: [`Database::write`] takes a closure over a [`Conn`] and may run it again. That
//! one decision gives both engines what they are good at. On SQLite all writes of a database go to one
//! thread, which commits whatever is waiting together, so that many small transactions share one `fsync`. On
//! PostgreSQL the closure is repeated when the server asks for it; on the durable tier its transaction is serializable.
//!
//! One SQL text serves both engines (`$1` placeholders, `RETURNING`, `ON CONFLICT`, `jsonb($1)` in and
//! `json(column)` out). Where measurement asks for two statements, a function looks at [`Conn::engine`] and has
//! two bodies side by side.
//!
//! Times are microseconds since the epoch in `BIGINT` columns, booleans are 0 or 1.
//!
//! ```
//! # use store::{Migration, Schema, Store, StoreConfig, Tier, v};
//! static NOTES: Schema = Schema {
//!     name: "notes",
//!     tier: Tier::State,
//!     tables: &["notes"],
//!     migrations: &[Migration {
//!         id: 1,
//!         name: "notes",
//!         sqlite: "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT",
//!         postgres: "CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT NOT NULL)",
//!     }],
//! };
//!
//! # #[tokio::main(flavor = "multi_thread")]
//! # async fn main() -> Result<(), store::Error> {
//! # let dir = tempfile::tempdir().expect("a temporary folder");
//! let store = Store::open(&StoreConfig::sqlite(dir.path()), &[&NOTES]).await?;
//! store.state.write(|c| c.execute("INSERT INTO notes VALUES ($1, $2)", &[v(1), v("hello")])).await?;
//! let body: String = store
//!     .state
//!     .read(|c| c.query_one("SELECT body FROM notes WHERE id = $1", &[v(1)], |row| row.text(0).map(str::to_owned)))
//!     .await?;
//! assert_eq!(body, "hello");
//! # Ok(())
//! # }
//! ```

mod config;
mod conn;
mod database;
pub mod dump;
mod error;
mod migrate;
mod postgres;
mod row;
mod schema;
mod slow;
mod snapshot;
mod sqlite;
mod tables;
mod value;

pub use config::{Location, StoreConfig};
pub use conn::Conn;
pub use database::{Database, Role, Store};
pub use error::{Error, ErrorKind};
pub use row::Row;
pub use schema::{Migration, Schema, Tier};
pub use tables::TableSize;
pub use value::{Value, v};

/// Which database engine a [`Database`] runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded; one file per tier.
    Sqlite,
    /// One server database, one schema per tier.
    Postgres,
}

impl Engine {
    /// `sqlite` or `postgres`, as settings and metrics spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}
