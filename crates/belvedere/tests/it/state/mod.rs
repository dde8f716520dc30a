//! `belvedere state`

mod backup;
mod moved;
mod rebuild;
mod restore;
mod scripts;
mod show;
mod tiers;
mod verify;

use std::path::PathBuf;

use serde_json::Value;
use testkit::BelvedereOptions;

use crate::place::Place;

/// A server that finds nobody in the network, with its data where the commands of the place look for it.
fn alone(place: &Place) -> BelvedereOptions {
    let nowhere = "http://127.0.0.1:1";
    BelvedereOptions::new(&data_dir(place))
        .with("DATABASE_URL", &place.database.url())
        .with("PLC_URL", nowhere)
        .with("RELAY_URL", nowhere)
        .with("JETSTREAM_URL", "ws://127.0.0.1:1")
        .with("BELVEDERE_DEV", "true")
}

/// Where the commands of a place look for the master key and the lock.
fn data_dir(place: &Place) -> PathBuf {
    place.path().join("data")
}

/// Every table of the durable tier with its rows.
fn durable(place: &Place) -> Value {
    let state = place.json(&["state"]);
    let tables = state["tiers"][0]["tables"].as_array().unwrap();
    tables
        .iter()
        .filter(|table| table["table"] != "schema_migrations")
        .map(|table| (table["table"].as_str().unwrap().to_owned(), table["rows"].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
