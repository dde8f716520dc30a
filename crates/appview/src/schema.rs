//! The tables of the appview and their tier.

use store::{Migration, Schema, Tier};

static STATE: Schema = Schema {
    name: "appview",
    tier: Tier::State,
    tables: &["appview_lexicons", "appview_catalogue"],
    migrations: &[
        Migration {
            id: 1,
            name: "lexicons",
            sqlite: include_str!("schema/001_lexicons.sqlite.sql"),
            postgres: include_str!("schema/001_lexicons.postgres.sql"),
        },
        Migration {
            id: 2,
            name: "read_through",
            sqlite: include_str!("schema/002_read_through.sqlite.sql"),
            postgres: include_str!("schema/002_read_through.postgres.sql"),
        },
        Migration {
            id: 3,
            name: "validation",
            sqlite: include_str!("schema/003_validation.sqlite.sql"),
            postgres: include_str!("schema/003_validation.postgres.sql"),
        },
    ],
};

/// What the records that are here look like to the lexicons that are here.
static INDEX: Schema = Schema {
    name: "appview",
    tier: Tier::Index,
    tables: &["appview_checks", "appview_invalid_records", "appview_check_position"],
    migrations: &[Migration {
        id: 1,
        name: "checks",
        sqlite: include_str!("schema/001_checks.sqlite.sql"),
        postgres: include_str!("schema/001_checks.postgres.sql"),
    }],
};

/// What [`Store::open`](store::Store::open) must be given for this crate and all that it is built on.
#[must_use]
pub fn schemas() -> Vec<&'static Schema> {
    let all: [&[&'static Schema]; 9] = [
        &records::SCHEMAS,
        &backfill::SCHEMAS,
        &[&events::SCHEMA],
        &accounts::SCHEMAS,
        &[&STATE, &INDEX],
        &[&scripts::SCHEMA],
        &find::SCHEMAS,
        &labels::SCHEMAS,
        &[&jobs::SCHEMA],
    ];
    all.concat()
}
