//! The tables of this crate and their tiers.

use store::{Migration, Schema, Tier};

/// Repositories and the accounts they belong to: they can be had from nowhere else.
static STATE: Schema = Schema {
    name: "repos",
    tier: Tier::State,
    tables: &[
        "repos_repositories",
        "repos_records",
        "repos_blocks",
        "repos_blobs",
        "repos_blob_refs",
        "repos_events",
        "repos_sequence",
        "repos_accounts",
    ],
    migrations: &[Migration {
        id: 1,
        name: "repos",
        sqlite: include_str!("schema/001_state.sqlite.sql"),
        postgres: include_str!("schema/001_state.postgres.sql"),
    }],
};

/// How far the record index is in step with them.
static INDEX: Schema = Schema {
    name: "repos",
    tier: Tier::Index,
    tables: &["repos_mirrored"],
    migrations: &[Migration {
        id: 1,
        name: "mirrored",
        sqlite: include_str!("schema/001_index.sqlite.sql"),
        postgres: include_str!("schema/001_index.postgres.sql"),
    }],
};

/// What [`Store::open`](store::Store::open) must be given for this crate.
pub const SCHEMAS: [&Schema; 2] = [&STATE, &INDEX];
