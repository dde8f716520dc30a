//! The tables of this crate.

use store::{Migration, Schema, Tier};

/// What belongs to the blobs of a bucket: durable. Without it uploads begin again, and no blob is lost.
pub static SCHEMA: Schema = Schema {
    name: "blobs",
    tier: Tier::State,
    tables: &["blob_parts", "blob_touches", "blob_uploads"],
    migrations: &[Migration {
        id: 1,
        name: "blobs",
        sqlite: include_str!("schema/001_blobs.sqlite.sql"),
        postgres: include_str!("schema/001_blobs.postgres.sql"),
    }],
};
