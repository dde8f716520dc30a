//! What we sign and send.

use activitypub::object::{ActivityType, Actor, Document};
use activitypub::signature::{KeyType, PrivateKey};
use activitypub::write::{ActivityDocument, ActorDocument};
use http::{Method, StatusCode};
use serde_json::json;

use super::recorder::Recorder;
use super::{PROTOCOL, actor_document, get_actor, send, verify};
use testkit::Fedify as Peer;

#[tokio::test]
async fn it_believes_what_we_sign_and_nothing_else() {
    let Some(peer) = Peer::start(&["--authorized-fetch"]) else { return };
    for (_, form) in PROTOCOL {
        let key = PrivateKey::generate(KeyType::Rsa).unwrap();
        let us = Recorder::start(|base| actor_document(base, &key)).await;
        let (actor, bob) = (us.actor(), peer.actor());
        let (key_id, inbox) = (ActorDocument::key_id(&actor), format!("{bob}/inbox"));
        let id = format!("{}/activities/follow/1", us.base);
        let follow = ActivityDocument::new(&id, ActivityType::Follow, &actor, bob.as_str()).to_json();

        let (status, body) = send(&key, form, &key_id, &inbox, Some(&follow), None).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{form:?}: {body}");
        let received = peer.received("Follow", |event| event["id"] == json!(id)).await;
        assert_eq!(received["actor"], json!(actor));

        let other = PrivateKey::generate(KeyType::Rsa).unwrap();
        let (status, _) = send(&other, form, &key_id, &inbox, Some(&follow), None).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{form:?}: another key");
        let forged = follow.to_string().replace("follow/1", "follow/2");
        let (status, _) = send(&key, form, &key_id, &inbox, Some(&follow), Some(&forged)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{form:?}: another body");

        let (status, body) = send(&key, form, &key_id, &bob, None, None).await;
        assert_eq!(status, StatusCode::OK, "{form:?}: {body}");
        let document = Document::parse(body.as_bytes(), Document::MAX_FETCHED).unwrap();
        let bobs = Actor::read(document.node()).unwrap();
        assert_eq!(bobs.id.as_str(), bob);
        let (status, _) = send(&other, form, &key_id, &bob, None, None).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{form:?}: another key reads");

        // What it fetched from us, it asked for in the name of somebody of its own.
        let known = [get_actor(&peer, "instance.actor").await, bobs];
        let mut fetched = us.requests(&Method::GET);
        fetched.retain(|request| request.headers.contains_key("signature"));
        assert!(!fetched.is_empty(), "{form:?}: it signs what it asks for");
        for request in fetched {
            let verified = known.each_ref().map(|actor| verify(&request, &us.base, actor));
            assert!(verified.iter().any(Result::is_ok), "{form:?}: {verified:?} {request:?}");
        }
    }
}
