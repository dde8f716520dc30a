//! The tables of backfills and their tiers.

use store::{Migration, Schema, Tier};

/// What was asked for: durable.
static STATE: Schema = Schema {
    name: "backfill",
    tier: Tier::State,
    tables: &["backfill_jobs"],
    migrations: &[Migration {
        id: 1,
        name: "jobs",
        sqlite: include_str!("schema/001_state.sqlite.sql"),
        postgres: include_str!("schema/001_state.postgres.sql"),
    }],
};

/// How far it is: lost with the records it vouches for.
static INDEX: Schema = Schema {
    name: "backfill",
    tier: Tier::Index,
    tables: &["backfill_discoveries", "backfill_repos"],
    migrations: &[Migration {
        id: 1,
        name: "progress",
        sqlite: include_str!("schema/001_index.sqlite.sql"),
        postgres: include_str!("schema/001_index.postgres.sql"),
    }],
};

/// What [`Store::open`](store::Store::open) must be given for this crate.
pub const SCHEMAS: [&Schema; 2] = [&STATE, &INDEX];
