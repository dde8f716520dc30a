//! `atproto.sign` and `atproto.verify_signature`.

use atproto::attestation::Attestation;
use atproto::crypto::PrivateKey;
use serde_json::{Map, Value, json};

use super::{asked, failed};
use crate::fake_pds::{FakePds, MALLORY};
use crate::harness::{Server, Surroundings, schemas};

const RECORD: &str = "{ ['$type'] = 'com.example.note', text = 'hello', tags = toarray{ 'a' } }";

fn fields() -> Map<String, Value> {
    let record = json!({ "$type": "com.example.note", "text": "hello", "tags": ["a"] });
    record.as_object().unwrap().clone()
}

/// A key that is lifted into Lua with its attestation of the record.
fn foreign(key_id: &str, key: &PrivateKey) -> String {
    let made = Attestation::sign(fields(), "com.example.seal", MALLORY, key, key_id).unwrap();
    format!("json.decode([[{}]])", made.to_json())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_attests_and_knows_its_own() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let server = Server::start(store.clone()).await;
        let body = format!(
            "local r = {RECORD}
             local s = atproto.sign(r)
             local checks = toarray{{ atproto.verify_signature(r, s, ''), atproto.verify_signature(r, s), atproto.verify_signature(r, s, '{MALLORY}') }}
             r.signatures = toarray{{ s }}
             checks[4] = atproto.verify_signature(r, s, '')
             r.text = 'hullo'
             checks[5] = atproto.verify_signature(r, s, '')
             return {{ s = s, checks = checks }}"
        );
        let answer = asked(&server, &body).await;
        assert_eq!(answer["checks"], json!([true, true, false, true, false]));
        let host = server.client.base().strip_prefix("http://").unwrap().replace(':', "%3A");
        assert_eq!(answer["s"]["key"], format!("did:web:{host}#attestation"));
        assert_eq!(answer["s"]["$type"], "games.gamesgamesgamesgames.attestation");
        assert_eq!(answer["s"]["signature"]["$bytes"].as_str().unwrap().len(), 86);

        // Nobody is shown the key, and nobody changes it.
        assert!(server.accounts.settings.list().iter().all(|setting| !setting.key.contains("attestation")));
        let set = server.accounts.settings.set(&accounts::Actor::LocalOperator, "attestation_private_key", "07");
        assert!(set.await.is_err());

        for (call, message) in [
            ("atproto.sign()", "record must be a table of fields"),
            ("atproto.sign({ n = 0.5 })", "cannot be signed"),
            ("atproto.sign({ text = ('x'):rep(2000000) })", "bytes long"),
        ] {
            let error = failed(&server, call, 500).await;
            assert!(error["message"].as_str().unwrap().contains(message), "{call}: {error}");
        }

        // Another server on the same database has the same key.
        let other = Server::start(store.clone()).await;
        assert_eq!(asked(&other, &body).await["s"]["signature"], answer["s"]["signature"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_others_are_looked_up() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let (fake, key) = (FakePds::start().await, PrivateKey::generate_k256());
        let method = json!({
            "id": format!("{MALLORY}#seal"), "type": "Multikey", "controller": MALLORY,
            "publicKeyMultibase": key.public().multikey(),
        });
        fake.says(&format!("/{MALLORY}"), 200, &json!({ "id": MALLORY, "verificationMethod": [method] }));
        let surroundings = Surroundings { plc: fake.origin.clone(), ..Surroundings::nobody() };
        let server = Server::launch(store, surroundings).await;
        let check = |signature: &str, did: &str| {
            format!("return atproto.verify_signature({RECORD}, {signature}, '{did}')")
        };
        let theirs = foreign(&format!("{MALLORY}#seal"), &key);
        assert_eq!(asked(&server, &check(&theirs, MALLORY)).await, true);
        assert_eq!(asked(&server, &check(&theirs, "did:web:other.example")).await, false);
        let forged = foreign(&format!("{MALLORY}#seal"), &PrivateKey::generate_k256());
        assert_eq!(asked(&server, &check(&forged, MALLORY)).await, false);
        let by_itself = foreign(&key.public().did_key(), &key);
        assert_eq!(asked(&server, &check(&by_itself, MALLORY)).await, true);
        for (key_id, message) in [
            (format!("{MALLORY}#other"), "has no key of this name"),
            ("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa#seal".to_owned(), "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"),
            (MALLORY.to_owned(), "a DID with a fragment"),
            ("did:key:zNonsense".to_owned(), "is not a public key"),
            ("https://example.com/#key".to_owned(), "the key of the signature"),
        ] {
            let error = failed(&server, &check(&foreign(&key_id, &key), MALLORY), 500).await;
            assert!(error["message"].as_str().unwrap().contains(message), "{key_id}: {error}");
        }
        for signature in ["nil", "{}", "'text'", "{ ['$type'] = 'a', key = 'b', signature = 'c' }"] {
            let error = failed(&server, &check(signature, MALLORY), 500).await;
            assert!(
                error["message"].as_str().unwrap().contains("an attestation has"),
                "{signature}: {error}"
            );
        }
        let error = failed(&server, &check(&theirs, "nobody"), 500).await;
        assert!(error["message"].as_str().unwrap().contains("nobody"), "{error}");
    })
    .await;
}
