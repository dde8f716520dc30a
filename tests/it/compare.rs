//! The comparison at the end of a scenario: nothing missing, nothing extra, nothing stale.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde_json::{Value, json};
use testkit::{Belvedere, HttpClient};

use crate::samples::{COLLECTIONS, GET_POST, list_of};
use crate::scene::{Place, Scene};
use crate::truth::{Backlinks, Contents, backlink, backlinks};
use crate::view::{administered, listed};

/// Records that are also asked for one by one.
const SAMPLE: usize = 25;

/// Differences that are shown.
const SHOWN: usize = 20;

impl Scene {
    /// Fails unless the server, which has caught up, serves exactly what the PDSes list.
    pub(crate) async fn compare(&self, place: &Place, server: &Belvedere) {
        let admin = place.admin(server);
        let mut truth = BTreeMap::new();
        for (collection, _) in COLLECTIONS {
            truth.insert(collection, self.truth(collection).await);
        }
        for (collection, records) in &truth {
            self.compare_collection(server, &admin, collection, records).await;
        }
        compare_counts(&admin, &truth).await;
        let expected: Backlinks =
            truth.iter().flat_map(|(collection, records)| backlinks(collection, records)).collect();
        same("backlinks", &expected, &stored_backlinks(place).await);
    }

    async fn compare_collection(
        &self,
        server: &Belvedere,
        admin: &HttpClient,
        collection: &str,
        truth: &Contents,
    ) {
        let query = list_of(collection);
        let values = values(truth);
        same(query, &values, &listed(&server.client, query, &[]).await);
        same("/admin/records", truth, &administered(admin, collection).await);
        for account in self.active_accounts().await {
            let own = format!("at://{}/", account.did);
            let mut values = values.clone();
            values.retain(|uri, _| uri.starts_with(&own));
            same(&account.handle, &values, &listed(&server.client, query, &[("did", &account.did)]).await);
        }
        let uris: Vec<&String> = truth.keys().collect();
        for _ in 0..SAMPLE {
            let uri = *self.chance.pick(&uris);
            let answer = server.client.get_with(&format!("/xrpc/{GET_POST}"), &[("uri", uri)]).await;
            let mut expected = truth[uri].1.clone();
            expected["uri"] = json!(uri);
            assert_eq!(answer.expect(200), json!({ "record": expected }));
        }
    }
}

async fn compare_counts(admin: &HttpClient, truth: &BTreeMap<&str, Contents>) {
    let total: usize = truth.values().map(BTreeMap::len).sum();
    let counted = truth.iter().filter(|(_, records)| !records.is_empty());
    let collections: Vec<Value> = counted
        .map(|(collection, records)| json!({ "collection": collection, "count": records.len() }))
        .collect();
    let stats = admin.get("/admin/stats").await.expect(200);
    assert_eq!(stats, json!({ "total_records": total, "collections": collections }));
}

/// The view that is documented for SQL users.
async fn stored_backlinks(place: &Place) -> Backlinks {
    const SQL: &str = "SELECT source_uri, target_uri, collection FROM record_refs";
    let store = place.store().await;
    let read = |conn: &mut store::Conn<'_>| {
        conn.query(SQL, &[], |row| {
            Ok::<_, store::Error>((backlink(row.text(0)?, row.text(1)?), row.string(2)?))
        })
    };
    let rows: Vec<_> = store.index.read(read).await.unwrap();
    let count = rows.len();
    let backlinks: Backlinks = rows.into_iter().collect();
    assert_eq!(backlinks.len(), count, "a reference is stored twice");
    backlinks
}

fn values(records: &Contents) -> BTreeMap<String, Value> {
    records.iter().map(|(uri, (_, value))| (uri.clone(), value.clone())).collect()
}

/// Fails with the differences between what is and what is served.
pub(crate) fn same<V: PartialEq + Debug>(
    what: &str,
    truth: &BTreeMap<String, V>,
    served: &BTreeMap<String, V>,
) {
    let mut differences = Vec::new();
    for (key, value) in truth {
        match served.get(key) {
            None => differences.push(format!("missing {key}")),
            Some(other) if other != value => {
                differences.push(format!("stale {key}: {other:?} instead of {value:?}"));
            }
            Some(_) => {}
        }
    }
    differences
        .extend(served.keys().filter(|key| !truth.contains_key(*key)).map(|key| format!("extra {key}")));
    let shown = &differences[..differences.len().min(SHOWN)];
    assert!(
        differences.is_empty(),
        "{what}: {} differences from the {} there are:\n{}",
        differences.len(),
        truth.len(),
        shown.join("\n")
    );
}
