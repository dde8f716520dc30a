//! The tables of labels and labelers, and their tiers.

use store::{Migration, Schema, Tier};

/// Labels and how far each labeler has been followed: rebuildable, and lost together.
static INDEX: Schema = Schema {
    name: "labels",
    tier: Tier::Index,
    tables: &["label_sources", "label_rows"],
    migrations: &[Migration {
        id: 1,
        name: "labels",
        sqlite: include_str!("schema/001_index.sqlite.sql"),
        postgres: include_str!("schema/001_index.postgres.sql"),
    }],
};

/// Whom the operator subscribes to: durable.
static STATE: Schema = Schema {
    name: "labels",
    tier: Tier::State,
    tables: &["labelers"],
    migrations: &[Migration {
        id: 1,
        name: "labelers",
        sqlite: include_str!("schema/001_state.sqlite.sql"),
        postgres: include_str!("schema/001_state.postgres.sql"),
    }],
};

/// What [`Store::open`](store::Store::open) must be given for this crate, beside what the `records` crate needs.
pub const SCHEMAS: [&Schema; 2] = [&STATE, &INDEX];
