//! The third durable database: the one in which scripts make tables of their own, with SQL of their own.
//!
//! A script's SQL is untrusted. Three things stand between it and everything else, each of which would do alone:
//!
//! 1. **The engine refuses.** On SQLite an authorizer judges every table, column and function of a statement before it
//!    runs. On PostgreSQL the statement runs as a role that owns one schema and may read some views, inside
//!    a `SECURITY DEFINER` function, where the server lets nobody change the role.
//! 2. **The statement is read first** ([`Error::Refused`], [`Error::Protected`]): one statement, of five kinds, that names
//!    nothing it must not name.
//! 3. **Everything is bounded** ([`Limits`]): time, rows, bytes, the size of the database.
//!
//! What scripts keep is durable: [`Export`] and [`Import`] are its ends of a backup.
//!
//! What scripts may read of the other databases are [`View`]s, which the caller names.
//!
//! ```
//! # use scriptdb::{Param, ScriptDb, ScriptDbConfig};
//! # #[tokio::main(flavor = "multi_thread")]
//! # async fn main() -> Result<(), scriptdb::Error> {
//! # let folder = testkit::TestDatabase::sqlite();
//! let location = folder.config().location;
//! let db = ScriptDb::open(ScriptDbConfig::new(location, &[])).await?;
//! db.raw("CREATE TABLE votes (subject TEXT PRIMARY KEY, n INTEGER NOT NULL)", &[]).await?;
//! db.raw("INSERT INTO votes VALUES ($1, $2)", &["at://did:plc:ab/x/1".into(), 7.into()]).await?;
//! let rows = db.raw("SELECT n FROM votes WHERE subject = $1", &["at://did:plc:ab/x/1".into()]).await?;
//! assert_eq!(rows.as_str(), r#"[{"n":7}]"#);
//! # Ok(())
//! # }
//! ```

mod backup;
mod config;
mod effect;
mod error;
mod param;
mod postgres;
mod rows;
mod script_db;
mod sqlite;
mod statement;
mod telemetry;

pub use backup::{Export, Import, sizes};
pub use config::{Limits, ScriptDbConfig, View};
pub use effect::EffectKey;
pub use error::{Error, Limit};
pub use param::Param;
pub use rows::Rows;
pub use script_db::ScriptDb;
