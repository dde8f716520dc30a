//! A real server of the fediverse, which shares no code with ours, believes what we sign, and we what it signs.

mod process;
mod recorder;

use std::time::SystemTime;

use activitypub::media_type;
use activitypub::object::{ActivityType, Actor, ActorType, Document, Note};
use activitypub::signature::{
    Form, KeyId, KeyType, PrivateKey, Request, SignatureError, Signed, Signer, Terms, Window,
};
use activitypub::webfinger::{Handle, Jrd};
use activitypub::write::{ActivityDocument, ActorDocument};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

use self::process::Peer;
use self::recorder::{Recorded, Recorder};

const PROTOCOL: [(&str, Form); 2] = [("draft", Form::Draft), ("rfc9421", Form::Message)];

fn actor_document(base: &str, key: &PrivateKey) -> Value {
    let id = format!("{base}/users/alice");
    let actor = ActorDocument {
        id: &id,
        actor_type: ActorType::Person,
        preferred_username: "alice",
        name: "Alice",
        summary: "hi",
        url: &id,
        shared_inbox: &format!("{base}/inbox"),
        public_key_pem: &key.public_key().unwrap().to_pem().unwrap(),
        manually_approves_followers: false,
        discoverable: true,
        published: None,
        updated: None,
        icon: None,
        image: None,
        also_known_as: &[],
        moved_to: None,
        fields: &[],
    };
    actor.to_json()
}

/// Sends what `key` signs; answers with status and body.
async fn send(
    key: &PrivateKey,
    form: Form,
    key_id: &str,
    url: &str,
    body: Option<&Value>,
    sent: Option<&str>,
) -> (StatusCode, String) {
    let (url, id) = (Url::parse(url).unwrap(), KeyId::parse(key_id).unwrap());
    let text = body.map(Value::to_string);
    let mut headers = HeaderMap::new();
    let (method, described) =
        if body.is_some() { (Method::POST, "content-type") } else { (Method::GET, "accept") };
    headers.insert(described, media_type::ACTIVITY.parse().unwrap());
    let signer = Signer { key_id: &id, key, form, with_query: true };
    signer.sign(&method, &url, &mut headers, text.as_deref().map(str::as_bytes), SystemTime::now()).unwrap();
    let body = sent.map(str::to_owned).or(text).unwrap_or_default();
    let request = reqwest::Client::new().request(method, url).headers(headers).body(body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test]
async fn it_believes_what_we_sign_and_nothing_else() {
    let Some(peer) = Peer::start(&["--rsa-bits", "2048", "--authorized-fetch"]) else { return };
    for (_, form) in PROTOCOL {
        let key = PrivateKey::generate(KeyType::Rsa).unwrap();
        let us = Recorder::start(|base| actor_document(base, &key)).await;
        let (actor, bob) = (us.actor(), peer.actor());
        let (key_id, inbox) = (ActorDocument::key_id(&actor), format!("{bob}/inbox"));
        let id = format!("{}/activities/follow/1", us.base);
        let follow = ActivityDocument::new(&id, ActivityType::Follow, &actor, bob.as_str()).to_json();

        let (status, body) = send(&key, form, &key_id, &inbox, Some(&follow), None).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{form:?}: {body}");
        let received = peer.received("Follow", |event| event["json"]["id"] == json!(id)).await;
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
        let known = [peer.get_actor("instance.actor").await, bobs];
        let mut fetched = us.requests(&Method::GET);
        fetched.retain(|request| request.headers.contains_key("signature"));
        assert!(!fetched.is_empty(), "{form:?}: it signs what it asks for");
        for request in fetched {
            let verified = known.each_ref().map(|actor| verify(&request, &us.base, actor));
            assert!(verified.iter().any(Result::is_ok), "{form:?}: {verified:?} {request:?}");
        }
    }
}

/// Whether `actor` sent the request, as a server would find out.
fn verify(request: &Recorded, base: &str, actor: &Actor) -> Result<Form, SignatureError> {
    let url = Url::parse(base).unwrap();
    let authority = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let Recorded { method, target, headers, body } = request;
    let request = Request { method, scheme: "http", authority: &authority, target, headers };
    let signed = Signed::read(&request, &Terms { now: SystemTime::now(), window: Window::default(), body })?;
    let key = actor.key(signed.key_id()).ok_or(SignatureError::Wrong)?;
    signed.verify(&key.public_key()?).map(|()| signed.form())
}

#[tokio::test]
async fn we_believe_what_it_signs_and_nothing_else() {
    let Some(peer) = Peer::start(&["--rsa-bits", "2048"]) else { return };
    let bob = peer.get_actor("bob").await;
    for (spec, form) in PROTOCOL {
        let key = PrivateKey::generate(KeyType::Rsa).unwrap();
        let us = Recorder::start(|base| actor_document(base, &key)).await;
        let inbox = format!("{}/inbox?x=1", us.base);
        let like =
            json!({ "id": format!("{}#1", bob.id), "type": "Like", "actor": bob.id, "object": us.actor() });
        let sent = async |options: Value| {
            let mut command = json!({ "inbox": inbox, "activity": like, "spec": spec });
            command.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
            peer.command("raw", &command).await;
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
    let bob = peer.get_actor("bob").await;
    let kinds: Vec<KeyType> = bob.keys.iter().map(|key| key.public_key().unwrap().key_type()).collect();
    assert!(kinds.contains(&KeyType::Rsa) && kinds.contains(&KeyType::Ed25519), "{kinds:?}");

    let posted =
        peer.command("post", &json!({ "content": "hi #tag", "tags": ["tag"], "visibility": "public" })).await;
    let note = peer.get(posted["id"].as_str().unwrap()).await;
    let document = Document::parse(note.as_bytes(), Document::MAX_FETCHED).unwrap();
    let note = Note::read(document.node()).unwrap();
    assert!(note.audience.public && note.attributed_to == bob.id && note.tags.len() == 1, "{note:?}");

    let key = PrivateKey::generate(KeyType::Rsa).unwrap();
    let us = Recorder::start(|base| actor_document(base, &key)).await;
    let seen = peer.command("lookup", &json!({ "target": us.actor() })).await;
    assert!(seen.to_string().contains("Alice"), "{seen}");
}
