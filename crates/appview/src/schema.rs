//! The tables of the appview and their tier.

use store::{Migration, Schema, Tier};

static STATE: Schema = Schema {
    name: "appview",
    tier: Tier::State,
    tables: &["appview_lexicons", "appview_catalogue"],
    migrations: &[
        Migration {
            id: 1,
            name: "lexicons",
            sqlite: include_str!("schema/001_lexicons.sqlite.sql"),
            postgres: include_str!("schema/001_lexicons.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "read_through",
            sqlite: include_str!("schema/002_read_through.sqlite.sql"),
            postgres: include_str!("schema/002_read_through.postgres.sql"),
        },
    ],
};

/// What [`Store::open`](store::Store::open) must be given for this crate and those that only it is built on, after the
/// schemas of `records`.
pub const SCHEMAS: [&Schema; 6] =
    [&STATE, &scripts::SCHEMA, find::SCHEMAS[0], labels::SCHEMAS[0], labels::SCHEMAS[1], &jobs::SCHEMA];
