//! What scripts can and cannot do with their database, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backup;
mod bounds;
mod confined_postgres;
mod confined_sqlite;
mod effects;
mod names;
mod rig;
mod roles;
mod values;
