//! A backup that was made while the server ran, restored elsewhere: everything is as before.

use std::path::Path;

use serde_json::{Value, json};
use testkit::{Belvedere, HttpClient, TestDatabase, databases};

use super::{alone, data_dir, durable};
use crate::fixtures::{LIST_STATUSES, STATUS};
use crate::place::Place;

const ALICE: &str = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

/// A server with something of everything, and a key that opens it.
async fn furnished(place: &Place) -> (Belvedere, String) {
    place.write("lexicons/status.json", STATUS);
    place.write("lexicons/list.json", LIST_STATUSES);
    place.json(&["lexicon", "add", "lexicons"]);
    place.json(&["user", "add", ALICE, "--template", "operator"]);
    place.json(&[
        "client",
        "create",
        "--name",
        "App",
        "--client-id-url",
        "https://app.example.com/client.json",
        "--client-uri",
        "https://app.example.com",
        "--redirect-uri",
        "https://app.example.com/callback",
    ]);
    let key = place.json(&["key", "create"])["key"].as_str().unwrap().to_owned();
    let server = Belvedere::start(&alone(place)).await;
    let client = server.client.with_bearer(&key);
    let set = client.put("/admin/settings/app_name", &json!({ "value": "Moved" })).await;
    assert!((200..300).contains(&set.status), "{}", set.text);
    (server, key)
}

/// What an operator sees of a place with `key`.
async fn seen(client: &HttpClient, key: &str) -> Vec<Value> {
    let client = client.with_bearer(key);
    let mut seen = Vec::new();
    for path in
        ["/admin/users", "/admin/api-keys", "/admin/api-clients", "/admin/lexicons", "/admin/settings"]
    {
        seen.push(without_use(client.get(path).await.expect(200)));
    }
    seen
}

/// Who used what when goes on.
fn without_use(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            fields.remove("last_used_at");
            fields.values_mut().for_each(|value| *value = without_use(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| *value = without_use(value.take())),
        _ => {}
    }
    value
}

fn copy(from: &Path, to: &Path, name: &str) {
    std::fs::create_dir_all(to).unwrap();
    std::fs::copy(from.join(name), to.join(name)).unwrap();
}

async fn everything_is_as_before(from: TestDatabase, to: TestDatabase) {
    let (from, to) = (Place::on(from), Place::on(to));
    let (server, key) = furnished(&from).await;
    let before = seen(&server.client, &key).await;
    from.json(&["state", "backup", "file"]);
    // What comes later is not in it.
    from.json(&["user", "add", "did:web:late.example.com", "--template", "viewer"]);

    copy(from.path(), to.path(), "file");
    let restored = to.json(&["state", "restore", "file"]);
    assert_eq!(restored["tables"], durable(&to));
    assert_eq!(restored["made_on"], from.database.engine().name());
    assert_eq!(restored["engine"], to.database.engine().name());
    let advice = restored["master_secret"].as_str().unwrap();
    assert!(advice.contains("it is not here") && advice.contains("master.key into data"), "{advice}");
    let mut unopened = alone(&to).command(&["serve", "--port", "0"]);
    let unopened = unopened.output().unwrap();
    assert!(!unopened.status.success(), "without the master secret nothing starts");

    copy(&data_dir(&from), &data_dir(&to), "master.key");
    let again = to.json(&["state", "restore", "file", "--force"]);
    assert_eq!(again["master_secret"], Value::Null);
    let moved = Belvedere::start(&alone(&to)).await;
    assert_eq!(seen(&moved.client, &key).await, before);
    moved.terminate().await;
    server.terminate().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_same_engine() {
    for (from, to) in databases().await.into_iter().zip(databases().await) {
        everything_is_as_before(from, to).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite_to_postgres() {
    let Some(to) = TestDatabase::postgres().await else { return };
    everything_is_as_before(TestDatabase::sqlite(), to).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_postgres_to_sqlite() {
    let Some(from) = TestDatabase::postgres().await else { return };
    everything_is_as_before(from, TestDatabase::sqlite()).await;
}
