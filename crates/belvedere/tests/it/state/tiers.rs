//! Every table of the durable tier is in a backup, and of types that both engines have.

use std::collections::BTreeMap;

use store::{Schema, Tier};

use super::durable;
use crate::place::Place;
use crate::state_of::schemas;

#[tokio::test(flavor = "multi_thread")]
async fn every_durable_table_is_in_a_backup() {
    for database in testkit::databases().await {
        let place = Place::on(database);
        place.json(&["key", "create"]);
        let written = place.json(&["state", "backup", "file"]);
        let mut written: Vec<&String> = written["tables"].as_object().unwrap().keys().collect();
        let mut declared: Vec<&str> = schemas()
            .into_iter()
            .filter(|schema: &&Schema| schema.tier == Tier::State)
            .flat_map(|schema| schema.tables.iter().copied())
            .collect();
        written.sort_unstable();
        declared.sort_unstable();
        assert_eq!(written, declared);
        let durable = durable(&place);
        assert_eq!(durable.as_object().unwrap().len(), declared.len());
    }
}

/// Tables with their columns: what a backup of one engine holds must fit into the other.
#[tokio::test(flavor = "multi_thread")]
async fn the_engines_agree_about_tables_columns_and_first_rows() {
    let mut shapes = Vec::new();
    for database in testkit::databases().await {
        let store = database.open(&schemas()).await;
        let (_, dump) =
            store::dump::write(&store.state, "0.1.0", 0, Vec::new(), store::dump::WithoutScripts, |_| {})
                .await
                .expect("a type no engine lacks");
        let lines = String::from_utf8(zstd::decode_all(&dump[..]).unwrap()).unwrap();
        let mut shape = BTreeMap::new();
        let mut table = String::new();
        for line in lines.lines().skip(1) {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            if let Some(mark) = line.get("table") {
                table = mark["name"].as_str().unwrap().to_owned();
                let mut columns: Vec<String> = serde_json::from_value(mark["columns"].clone()).unwrap();
                columns.sort_unstable();
                shape.insert(table.clone(), (columns, 0));
            } else if line.is_array() {
                shape.get_mut(&table).unwrap().1 += 1;
            }
        }
        shapes.push(shape);
    }
    assert!(shapes[0].len() > 10);
    assert!(shapes.iter().all(|shape| *shape == shapes[0]), "{shapes:#?}");
}
