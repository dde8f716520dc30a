//! What the PDSes say: the truth that the index is a view of.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::scene::Scene;

/// CID and content of records, by URI.
pub(crate) type Contents = BTreeMap<String, (String, Value)>;

/// Which record points where, and the collection of the source.
pub(crate) type Backlinks = BTreeMap<String, String>;

impl Scene {
    /// The records of a collection in all repositories that are served.
    pub(crate) async fn truth(&self, collection: &str) -> Contents {
        let mut all = Contents::new();
        for account in self.active_accounts().await {
            let records = self.network.list_records(&account, collection).await;
            all.extend(records.into_iter().map(|record| (record.uri, (record.cid, record.value))));
        }
        all
    }
}

/// The references in records: every string that begins with `at://`, at any depth.
pub(crate) fn backlinks(collection: &str, records: &Contents) -> Backlinks {
    let mut found = Backlinks::new();
    for (uri, (_, value)) in records {
        let mut values = vec![value];
        while let Some(value) = values.pop() {
            match value {
                Value::String(text) if text.starts_with("at://") => {
                    found.insert(backlink(uri, text), collection.to_owned());
                }
                Value::Array(items) => values.extend(items),
                Value::Object(fields) => values.extend(fields.values()),
                _ => {}
            }
        }
    }
    found
}

/// The name of a reference.
pub(crate) fn backlink(source: &str, target: &str) -> String {
    format!("{source} → {target}")
}
