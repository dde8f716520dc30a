//! A Happy server that is taken over: its rows, and who takes them.

use accounts::{Imported, Vault};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use store::Store;
use sync::import::{Importer, Kind, OldSecrets, Outcome};

use crate::site::{Site, vault};

pub(crate) const AT: &str = "2026-06-04T07:08:09.123";
pub(crate) const LATER: &str = "2026-06-05T07:08:09.123";

pub(crate) async fn importer(store: &Store, secret: Option<&str>) -> Importer {
    let old = match secret {
        Some(secret) => Some(OldSecrets::derive(secret.to_owned()).await.unwrap()),
        None => None,
    };
    let vault: Vault = vault();
    Importer::new(store.state.clone(), vault, old)
}

/// What a database has in the columns of times.
pub(crate) fn timed(mut row: Value, updated_at: &str) -> Value {
    let object = row.as_object_mut().unwrap();
    object.insert("createdAt".to_owned(), json!(AT));
    object.insert("updatedAt".to_owned(), json!(updated_at));
    row
}

pub(crate) fn account(id: &str, key: u8) -> Value {
    let row = json!({
        "id": id, "publicKey": data_encoding::HEXUPPER.encode(&[key; 32]), "seq": 40, "feedSeq": 1, "settings": "set",
        "settingsVersion": 3, "githubUserId": null, "firstName": "Ann", "lastName": null, "username": null, "avatar": null,
    });
    timed(row, AT)
}

pub(crate) fn session(id: &str, account: &str, updated_at: &str) -> Value {
    let row = json!({
        "id": id, "tag": format!("tag of {id}"), "accountId": account, "metadata": "opaque", "metadataVersion": 2,
        "agentState": null, "agentStateVersion": 0, "dataEncryptionKey": "\\x00ff", "seq": 2, "active": false,
        "lastActiveAt": AT,
    });
    timed(row, updated_at)
}

pub(crate) fn message(id: &str, session: &str, seq: i64) -> Value {
    let row = json!({
        "id": id, "sessionId": session, "localId": format!("local {id}"), "seq": seq,
        "content": { "t": "encrypted", "c": format!("content of {id}") },
    });
    timed(row, AT)
}

/// A server with two people, one of whom has everything.
pub(crate) fn rows() -> Vec<(Kind, Vec<Value>)> {
    let sealed = "\\x00070707070707070707070707a3c93404ebce421762726ea0f9b7c2116192b37cdf1c28";
    let mut ann = account("u1", 1);
    ann["githubUserId"] = json!("77");
    vec![
        (Kind::Account, vec![ann, account("u2", 2)]),
        (
            Kind::GithubUser,
            vec![timed(json!({ "id": "77", "profile": { "id": 77, "login": "ann" }, "token": null }), AT)],
        ),
        (
            Kind::AccountPushToken,
            vec![timed(json!({ "id": "p1", "accountId": "u1", "token": "device" }), AT)],
        ),
        (
            Kind::UserRelationship,
            vec![timed(json!({ "fromUserId": "u1", "toUserId": "u2", "status": "friend" }), AT)],
        ),
        (
            Kind::UserFeedItem,
            vec![timed(
                json!({ "id": "f1", "userId": "u1", "counter": 1, "repeatKey": null,
                        "body": { "kind": "text", "text": "hello" } }),
                AT,
            )],
        ),
        (
            Kind::UserKVStore,
            vec![timed(
                json!({ "id": "v1", "accountId": "u1", "key": "k", "value": "\\x01", "version": 4 }),
                AT,
            )],
        ),
        (
            Kind::ServiceAccountToken,
            vec![timed(json!({ "id": "t1", "accountId": "u1", "vendor": "openai", "token": sealed }), AT)],
        ),
        (
            Kind::Machine,
            vec![timed(
                json!({ "id": "m1", "accountId": "u1", "metadata": "opaque", "metadataVersion": 5, "daemonState": "d",
                        "daemonStateVersion": 6, "dataEncryptionKey": null, "seq": 0, "active": true,
                        "lastActiveAt": AT }),
                AT,
            )],
        ),
        (
            Kind::Artifact,
            vec![timed(
                json!({ "id": "a1", "accountId": "u1", "header": "\\x68", "headerVersion": 7, "body": "\\x62",
                        "bodyVersion": 8, "dataEncryptionKey": "\\x6b", "seq": 9 }),
                AT,
            )],
        ),
        (Kind::Session, vec![session("s1", "u1", AT)]),
        (
            Kind::AccessKey,
            vec![timed(
                json!({ "id": "k1", "accountId": "u1", "machineId": "m1", "sessionId": "s1", "data": "access",
                        "dataVersion": 2 }),
                AT,
            )],
        ),
        (Kind::SessionMessage, vec![message("g1", "s1", 1), message("g2", "s1", 2)]),
        (
            Kind::UsageReport,
            vec![timed(
                json!({ "id": "r1", "key": "k", "accountId": "u1", "sessionId": "s1",
                        "data": { "tokens": { "total": 3 }, "cost": { "total": 0.5 } } }),
                AT,
            )],
        ),
    ]
}

pub(crate) async fn take(importer: &Importer, kind: Kind, rows: &[Value]) -> Vec<Outcome> {
    let rows = rows.iter().map(|row| RawValue::from_string(row.to_string()).unwrap()).collect();
    importer.take(kind, rows).await.unwrap()
}

pub(crate) fn done(outcomes: &[Outcome]) -> Vec<Imported> {
    outcomes.iter().map(|outcome| *outcome.taken.as_ref().unwrap()).collect()
}

pub(crate) fn refusals(outcomes: &[Outcome]) -> Vec<&str> {
    outcomes.iter().filter_map(|outcome| outcome.taken.as_ref().err().map(String::as_str)).collect()
}

pub(crate) async fn take_server(site: &Site, secret: Option<&str>, expected: Imported) {
    let importer = importer(&site.store, secret).await;
    importer.trust_tokens().await.unwrap();
    for (kind, rows) in rows() {
        let outcomes = take(&importer, kind, &rows).await;
        assert!(done(&outcomes).iter().all(|done| *done == expected), "{kind:?}: {outcomes:?}");
    }
}
