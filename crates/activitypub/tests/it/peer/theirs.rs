//! What it signs, sends and shows.

use activitypub::object::{Document, Note};
use activitypub::signature::{KeyType, PrivateKey};
use activitypub::webfinger::{Handle, Jrd};
use http::Method;
use serde_json::{Value, json};

use super::recorder::{Recorded, Recorder};
use super::{PROTOCOL, actor_document, get, get_actor, verify};
use testkit::Fedify as Peer;

#[tokio::test]
async fn we_believe_what_it_signs_and_nothing_else() {
    let Some(peer) = Peer::start(&[]) else { return };
    let bob = get_actor(&peer, "bob").await;
    for (spec, form) in PROTOCOL {
        let key = PrivateKey::generate(KeyType::Rsa).unwrap();
        let us = Recorder::start(|base| actor_document(base, &key)).await;
        let inbox = format!("{}/inbox?x=1", us.base);
        let like =
            json!({ "id": format!("{}#1", bob.id), "type": "Like", "actor": bob.id, "object": us.actor() });
        let sent = async |options: Value| {
            let mut command = json!({ "inbox": inbox, "activity": like, "spec": spec });
            command.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
            peer.command("raw", command).await;
            us.requests(&Method::POST).pop().expect("it sent something")
        };
        let good = sent(json!({})).await;
        // In the older form it leaves out the query, which is right for nobody who writes.
        let inbox_without_query = Recorded { target: "/inbox".into(), ..good.clone() };
        let verified =
            verify(&good, &us.base, &bob).or_else(|_| verify(&inbox_without_query, &us.base, &bob));
        assert_eq!(verified, Ok(form), "{:?}", good.headers);

        for (change, options) in [
            ("no signature", json!({ "unsigned": true })),
            ("an old one", json!({ "date": "2026-01-01T00:00:00Z" })),
            ("a wrong digest", json!({ "badDigest": true })),
            ("another body", json!({ "tamper": { "type": "Block" } })),
            ("another key", json!({ "keyId": format!("{}#other", bob.id) })),
        ] {
            let mut bad = sent(options).await;
            bad.target = "/inbox".into();
            assert!(verify(&bad, &us.base, &bob).is_err(), "{form:?}: {change}");
            bad.target = "/inbox?x=1".into();
            assert!(verify(&bad, &us.base, &bob).is_err(), "{form:?}: {change}");
        }
    }
}

#[tokio::test]
async fn each_finds_the_other_and_reads_what_it_writes() {
    let Some(peer) = Peer::start(&["--ed25519"]) else { return };
    let handle = Handle::parse(&format!("@bob@{}", peer.authority())).unwrap();
    let answer = reqwest::get(handle.query("http")).await.unwrap().bytes().await.unwrap();
    let jrd = Jrd::parse(&answer).unwrap();
    assert_eq!((jrd.actor().unwrap().as_str(), jrd.handle()), (peer.actor().as_str(), Some(handle)));
    let bob = get_actor(&peer, "bob").await;
    let kinds: Vec<KeyType> = bob.keys.iter().map(|key| key.public_key().unwrap().key_type()).collect();
    assert!(kinds.contains(&KeyType::Rsa) && kinds.contains(&KeyType::Ed25519), "{kinds:?}");

    let posted =
        peer.command("post", json!({ "content": "hi #tag", "tags": ["tag"], "visibility": "public" })).await;
    let note = get(posted["id"].as_str().unwrap()).await;
    let document = Document::parse(note.as_bytes(), Document::MAX_FETCHED).unwrap();
    let note = Note::read(document.node()).unwrap();
    assert!(note.audience.public && note.attributed_to == bob.id && note.tags.len() == 1, "{note:?}");

    let key = PrivateKey::generate(KeyType::Rsa).unwrap();
    let us = Recorder::start(|base| actor_document(base, &key)).await;
    let seen = peer.command("lookup", json!({ "target": us.actor() })).await;
    assert!(seen.to_string().contains("Alice"), "{seen}");
}
