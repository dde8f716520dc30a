//! What the server says, page by page.

use std::collections::BTreeMap;

use serde_json::Value;
use testkit::HttpClient;

use crate::truth::Contents;

/// The records that a query lists, by URI, with all its pages. A record that is listed twice fails the test.
pub(crate) async fn listed(
    client: &HttpClient,
    query: &str,
    parameters: &[(&str, &str)],
) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for mut record in pages(client, &format!("/xrpc/{query}"), parameters).await {
        let fields = record.as_object_mut().unwrap();
        let Some(Value::String(uri)) = fields.remove("uri") else { panic!("no uri: {record}") };
        let twice = all.insert(uri.clone(), record);
        assert!(twice.is_none(), "{uri} is listed twice");
    }
    all
}

/// The records of a collection with their CIDs, as the admin API lists them.
pub(crate) async fn administered(admin: &HttpClient, collection: &str) -> Contents {
    let records = pages(admin, "/admin/records", &[("collection", collection)]).await;
    let text = |record: &Value, field: &str| record[field].as_str().unwrap().to_owned();
    let content = |record: Value| (text(&record, "uri"), (text(&record, "cid"), record["record"].clone()));
    records.into_iter().map(content).collect()
}

/// The records of all pages, in the order in which they come.
pub(crate) async fn pages(client: &HttpClient, path: &str, parameters: &[(&str, &str)]) -> Vec<Value> {
    let mut records = Vec::new();
    let mut cursor = None;
    loop {
        let mut query = parameters.to_vec();
        if !parameters.iter().any(|(name, _)| *name == "limit") {
            query.push(("limit", "100"));
        }
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let mut page = client.get_with(path, &query).await.expect(200);
        let Value::Array(listed) = page["records"].take() else { panic!("no records: {page}") };
        records.extend(listed);
        let Some(next) = page["cursor"].as_str() else { return records };
        cursor = Some(next.to_owned());
    }
}
