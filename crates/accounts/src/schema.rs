//! The tables of this crate.

use store::{Migration, Schema, Tier};

/// Users, their permissions and their API keys: durable.
pub static SCHEMA: Schema = Schema {
    name: "accounts",
    tier: Tier::State,
    tables: &["users", "user_permissions", "api_keys"],
    migrations: &[Migration {
        id: 1,
        name: "accounts",
        sqlite: include_str!("schema/001_accounts.sqlite.sql"),
        postgres: include_str!("schema/001_accounts.postgres.sql"),
    }],
};
