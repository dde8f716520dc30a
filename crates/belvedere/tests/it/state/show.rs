//! `belvedere state` by itself.

use testkit::databases;

use crate::place::Place;

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_listed_by_tier() {
    for database in databases().await {
        let place = Place::on(database);
        place.json(&["key", "create"]);
        let state = place.json(&["state"]);
        assert_eq!(state["engine"], place.database.engine().name());
        let tier =
            |name: &str| state["tiers"].as_array().unwrap().iter().find(|tier| tier["tier"] == name).unwrap();
        let table = |tier: &serde_json::Value, name: &str| {
            tier["tables"].as_array().unwrap().iter().find(|table| table["table"] == name).cloned()
        };
        let keys = table(tier("state"), "api_keys").unwrap();
        assert_eq!(keys["rows"], 1);
        assert!(keys["bytes"].as_i64().unwrap() > 0);
        assert!(table(tier("index"), "record_rows").is_some());
        assert!(table(tier("state"), "record_rows").is_none());
        let text = place.text(&["state"]);
        assert!(text.lines().any(|line| line.starts_with("state  api_keys")), "{text}");
    }
}
