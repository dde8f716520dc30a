//! The tables of the registry and their tiers.

use store::{Migration, Schema, Tier};

/// What can be had from nowhere else.
static STATE: Schema = Schema {
    name: "registry",
    tier: Tier::State,
    tables: &["registry_keys", "registry_devices", "registry_links", "registry_imported"],
    migrations: &[
        Migration {
            id: 1,
            name: "devices",
            sqlite: include_str!("schema/001_devices.sqlite.sql"),
            postgres: include_str!("schema/001_devices.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "links",
            sqlite: include_str!("schema/002_links.sqlite.sql"),
            postgres: include_str!("schema/002_links.postgres.sql"),
        },
        Migration {
            id: 3,
            name: "imported",
            sqlite: include_str!("schema/003_imported.sqlite.sql"),
            postgres: include_str!("schema/003_imported.postgres.sql"),
        },
        Migration {
            id: 4,
            name: "link holds",
            sqlite: include_str!("schema/004_link_holds.sqlite.sql"),
            postgres: include_str!("schema/004_link_holds.postgres.sql"),
        },
    ],
};

/// What follows from records, and bytes that can be fetched again.
static INDEX: Schema = Schema {
    name: "registry_index",
    tier: Tier::Index,
    tables: &[
        "registry_manifests",
        "registry_parts",
        "registry_tags",
        "registry_bytes",
        "registry_projected",
        "registry_pushes",
        "registry_repositories",
        "registry_words",
        "registry_owners",
        "registry_pages",
        "registry_stars",
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
            name: "projected",
            sqlite: include_str!("schema/002_projected.sqlite.sql"),
            postgres: include_str!("schema/002_projected.postgres.sql"),
        },
        Migration {
            id: 3,
            name: "browse",
            sqlite: include_str!("schema/003_browse.sqlite.sql"),
            postgres: include_str!("schema/003_browse.postgres.sql"),
        },
        Migration {
            id: 4,
            name: "cut",
            sqlite: include_str!("schema/004_cut.sqlite.sql"),
            postgres: include_str!("schema/004_cut.postgres.sql"),
        },
    ],
};

/// Those of this crate.
pub static SCHEMAS: [&Schema; 2] = [&STATE, &INDEX];

/// All that a registry needs: its own, and those of what it is built on and nothing else is.
#[must_use]
pub fn schemas() -> Vec<&'static Schema> {
    [&SCHEMAS[..], &repos::SCHEMAS, &[&hold::SCHEMA, &blobs::SCHEMA]].concat()
}
