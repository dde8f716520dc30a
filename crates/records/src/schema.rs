//! The tables of the record index and their tiers.

use store::{Migration, Schema, Tier};

/// Records and what follows from them: rebuildable.
static INDEX: Schema = Schema {
    name: "records",
    tier: Tier::Index,
    tables: &[
        "repos",
        "collections",
        "record_rows",
        "backlinks",
        "changes",
        "cursors",
        "gaps",
        "coverage",
        "departures",
        "index_identity",
        "local_rows",
        "repo_heads",
        "stream_cursors",
    ],
    migrations: &[
        Migration {
            id: 1,
            name: "index",
            sqlite: include_str!("schema/001_index.sqlite.sql"),
            postgres: include_str!("schema/001_index.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "history",
            sqlite: include_str!("schema/002_history.sqlite.sql"),
            postgres: include_str!("schema/002_history.postgres.sql"),
        },
        Migration {
            id: 3,
            name: "local rows",
            sqlite: include_str!("schema/003_index.sqlite.sql"),
            postgres: include_str!("schema/003_index.postgres.sql"),
        },
        Migration {
            id: 4,
            name: "heads",
            sqlite: include_str!("schema/004_index.sqlite.sql"),
            postgres: include_str!("schema/004_index.postgres.sql"),
        },
        Migration {
            id: 5,
            name: "tears",
            sqlite: include_str!("schema/005_index.sqlite.sql"),
            postgres: include_str!("schema/005_index.postgres.sql"),
        },
    ],
};

/// Local decisions about them: durable.
static STATE: Schema = Schema {
    name: "records",
    tier: Tier::State,
    tables: &["local_decisions"],
    migrations: &[
        Migration {
            id: 1,
            name: "decisions",
            sqlite: include_str!("schema/001_state.sqlite.sql"),
            postgres: include_str!("schema/001_state.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "decided versions",
            sqlite: include_str!("schema/002_state.sqlite.sql"),
            postgres: include_str!("schema/002_state.postgres.sql"),
        },
        Migration {
            id: 3,
            name: "local records",
            sqlite: include_str!("schema/003_state.sqlite.sql"),
            postgres: include_str!("schema/003_state.postgres.sql"),
        },
    ],
};

/// What [`Store::open`](store::Store::open) must be given for this crate.
pub const SCHEMAS: [&Schema; 2] = [&STATE, &INDEX];
