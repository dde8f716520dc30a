//! The tables of the relay and their tier.

use store::{Migration, Schema, Tier};

/// Everything the relay keeps can be had from nowhere else.
pub static SCHEMA: Schema = Schema {
    name: "sync",
    tier: Tier::State,
    tables: &[
        "sync_accounts",
        "sync_account_seqs",
        "sync_updates",
        "sync_tokens",
        "sync_pairings",
        "sync_sessions",
        "sync_messages",
        "sync_machines",
        "sync_artifacts",
        "sync_access_keys",
        "sync_values",
        "sync_value_counts",
        "sync_usage_reports",
        "sync_push_tokens",
        "sync_vendor_tokens",
        "sync_relationships",
        "sync_feed_items",
        "sync_attachments",
        "sync_imported_keys",
        "sync_revoked_tokens",
        "sync_lost_objects",
        "sync_avatars",
    ],
    migrations: &[
        Migration {
            id: 1,
            name: "sync",
            sqlite: include_str!("schema/001_sync.sqlite.sql"),
            postgres: include_str!("schema/001_sync.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "age_of_updates",
            sqlite: include_str!("schema/002_age_of_updates.sql"),
            postgres: include_str!("schema/002_age_of_updates.sql"),
        },
        Migration {
            id: 3,
            name: "value_counts",
            sqlite: include_str!("schema/003_value_counts.sqlite.sql"),
            postgres: include_str!("schema/003_value_counts.postgres.sql"),
        },
        Migration {
            id: 4,
            name: "avatars",
            sqlite: include_str!("schema/004_avatars.sqlite.sql"),
            postgres: include_str!("schema/004_avatars.postgres.sql"),
        },
        Migration {
            id: 5,
            name: "voice",
            sqlite: include_str!("schema/005_voice.sqlite.sql"),
            postgres: include_str!("schema/005_voice.postgres.sql"),
        },
        Migration {
            id: 6,
            name: "waiting",
            sqlite: include_str!("schema/006_waiting.sqlite.sql"),
            postgres: include_str!("schema/006_waiting.postgres.sql"),
        },
        Migration {
            id: 7,
            name: "kept",
            sqlite: include_str!("schema/007_kept.sqlite.sql"),
            postgres: include_str!("schema/007_kept.postgres.sql"),
        },
    ],
};
