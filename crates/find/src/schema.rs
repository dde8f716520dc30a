//! The tables of this crate and their tier.

use store::{Migration, Schema, Tier};

static INDEX: Schema = Schema {
    name: "find",
    tier: Tier::Index,
    tables: &["search_fields", "query_indexes", "query_entries"],
    migrations: &[
        Migration {
            id: 1,
            name: "search fields",
            sqlite: include_str!("schema/001_index.sqlite.sql"),
            postgres: include_str!("schema/001_index.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "query indexes",
            sqlite: include_str!("schema/002_index.sqlite.sql"),
            postgres: include_str!("schema/002_index.postgres.sql"),
        },
    ],
};

/// What [`Store::open`](store::Store::open) must be given for this crate, besides that of the crate `records`.
pub const SCHEMAS: [&Schema; 1] = [&INDEX];
