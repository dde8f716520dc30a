//! The tables of this crate and their tier.

use store::{Migration, Schema, Tier};

/// What [`Store::open`](store::Store::open) must be given for this crate.
pub static SCHEMA: Schema = Schema {
    name: "jobs",
    tier: Tier::State,
    tables: &["appview_jobs", "appview_job_logs"],
    migrations: &[
        Migration {
            id: 1,
            name: "jobs",
            sqlite: include_str!("schema/001_jobs.sqlite.sql"),
            postgres: include_str!("schema/001_jobs.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "scripts",
            sqlite: include_str!("schema/002_scripts.sqlite.sql"),
            postgres: include_str!("schema/002_scripts.postgres.sql"),
        },
    ],
};
