//! The tables of this crate.

use store::{Migration, Schema, Tier};

/// Users, their permissions, keys and sessions; settings and domains: durable.
static ACCOUNTS: Schema = Schema {
    name: "accounts",
    tier: Tier::State,
    tables: &[
        "users",
        "user_permissions",
        "api_keys",
        "browser_sessions",
        "instance_settings",
        "domains",
        "api_clients",
        "dpop_keys",
        "delegated_accounts",
        "account_delegates",
        "pds_sessions",
        "service_identity",
        "service_entries",
        "service_entry_xrpcs",
        "verification_methods",
    ],
    migrations: &[
        Migration {
            id: 1,
            name: "accounts",
            sqlite: include_str!("schema/001_accounts.sqlite.sql"),
            postgres: include_str!("schema/001_accounts.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "dashboard",
            sqlite: include_str!("schema/002_dashboard.sqlite.sql"),
            postgres: include_str!("schema/002_dashboard.postgres.sql"),
        },
        Migration {
            id: 3,
            name: "clients",
            sqlite: include_str!("schema/003_clients.sqlite.sql"),
            postgres: include_str!("schema/003_clients.postgres.sql"),
        },
        Migration {
            id: 4,
            name: "pds_sessions",
            sqlite: include_str!("schema/004_pds_sessions.sqlite.sql"),
            postgres: include_str!("schema/004_pds_sessions.postgres.sql"),
        },
        Migration {
            id: 5,
            name: "service",
            sqlite: include_str!("schema/005_service.sqlite.sql"),
            postgres: include_str!("schema/005_service.postgres.sql"),
        },
    ],
};

/// What [`Store::open`](store::Store::open) must be given for this crate; a schema comes after those it refers to.
pub const SCHEMAS: [&Schema; 1] = [&ACCOUNTS];
