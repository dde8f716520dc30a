//! The tables of scripts and their tier.

use store::{Migration, Schema, Tier};

/// What [`Store::open`](store::Store::open) must be given for this crate.
pub static SCHEMA: Schema = Schema {
    name: "scripts",
    tier: Tier::State,
    tables: &[
        "appview_scripts",
        "appview_script_variables",
        "appview_script_catalogue",
        "appview_script_problems",
        "appview_parked_events",
        "appview_dead_letters",
    ],
    migrations: &[
        Migration {
            id: 1,
            name: "scripts",
            sqlite: include_str!("schema/001_scripts.sqlite.sql"),
            postgres: include_str!("schema/001_scripts.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "files",
            sqlite: include_str!("schema/002_files.sqlite.sql"),
            postgres: include_str!("schema/002_files.postgres.sql"),
        },
        Migration {
            id: 3,
            name: "resolved",
            sqlite: include_str!("schema/003_resolved.sqlite.sql"),
            postgres: include_str!("schema/003_resolved.postgres.sql"),
        },
    ],
};
