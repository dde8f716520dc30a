//! The table of this crate.

use store::{Migration, Schema, Tier};

/// The event log: durable.
pub static SCHEMA: Schema = Schema {
    name: "events",
    tier: Tier::State,
    tables: &["event_logs"],
    migrations: &[Migration {
        id: 1,
        name: "event_logs",
        sqlite: include_str!("schema/001_event_logs.sqlite.sql"),
        postgres: include_str!("schema/001_event_logs.postgres.sql"),
    }],
};
