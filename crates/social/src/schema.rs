//! The tables of the microblog and their tier.

use store::{Migration, Schema, Tier};

/// Nothing of it can be had again from elsewhere: not what people here wrote, nor what others were told.
pub static SCHEMA: Schema = Schema {
    name: "social",
    tier: Tier::State,
    tables: &[
        "social_users",
        "social_user_counts",
        "social_credentials",
        "social_keys",
        "social_api_keys",
        "social_remote_actors",
        "social_follows",
        "social_top_friends",
        "social_blocks",
        "social_mutes",
        "social_user_domain_blocks",
        "social_domains",
        "social_thoughts",
        "social_thought_counts",
        "social_attachments",
        "social_tags",
        "social_thought_tags",
        "social_thought_mentions",
        "social_likes",
        "social_boosts",
        "social_bookmarks",
        "social_notifications",
        "social_reports",
        "social_events",
        "social_activities",
        "social_deliveries",
        "social_hosts",
        "social_processed",
        "social_tombstones",
        "social_connections",
        "social_oauth_apps",
        "social_oauth_codes",
        "social_oauth_tokens",
        "social_markers",
    ],
    migrations: &[
        Migration {
            id: 1,
            name: "social",
            sqlite: include_str!("schema/001_social.sqlite.sql"),
            postgres: include_str!("schema/001_social.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "what is looked for",
            sqlite: include_str!("schema/002_social.sqlite.sql"),
            postgres: include_str!("schema/002_social.postgres.sql"),
        },
    ],
};
