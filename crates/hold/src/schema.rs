//! The tables of a hold.

use store::{Migration, Schema, Tier};

/// What is in use, by whom: it can be had from nowhere else.
pub static SCHEMA: Schema = Schema {
    name: "hold",
    tier: Tier::State,
    tables: &[
        "hold_crew",
        "hold_layers",
        "hold_usage",
        "hold_stats",
        "hold_gone",
        "hold_uploads",
        "hold_parts",
        "hold_collections",
    ],
    migrations: &[
        Migration {
            id: 1,
            name: "hold",
            sqlite: include_str!("schema/001_hold.sqlite.sql"),
            postgres: include_str!("schema/001_hold.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "others",
            sqlite: include_str!("schema/002_others.sqlite.sql"),
            postgres: include_str!("schema/002_others.postgres.sql"),
        },
        Migration {
            id: 3,
            name: "runs",
            sqlite: include_str!("schema/003_runs.sqlite.sql"),
            postgres: include_str!("schema/003_runs.postgres.sql"),
        },
    ],
};
