//! Lexicons and who may define them.

use hickory_resolver::proto::rr::RecordType;
use identity::{Error, NetworkLexicon};
use serde_json::{Value, json};

use crate::world::{ALICE, BOB, World, nsid};

const NOTE: &str = "com.example.demo.note";
const TXT: &str = "_lexicon.demo.example.com";
const CID: &str = "bafyreigq4zsipbk5w3uqkbmh2w2633c5tcg4ayqoxwqz5e5xvyuk4xlwxq";

fn page() -> String {
    format!("/xrpc/com.atproto.repo.getRecord?repo={ALICE}&collection=com.atproto.lexicon.schema&rkey={NOTE}")
        .replace(':', "%3A")
}

fn lexicon() -> Value {
    json!({
        "$type": "com.atproto.lexicon.schema",
        "lexicon": 1,
        "id": NOTE,
        "defs": {"main": {"type": "record", "key": "tid", "record": {"type": "object", "properties": {}}}},
    })
}

/// A world in which everything is in order.
async fn published() -> World {
    let world = World::new().await;
    world.dns.txt(TXT, &[&format!("did={ALICE}")]);
    world.account(ALICE, "alice.test");
    publish(&world, &lexicon());
    world
}

fn publish(world: &World, record: &Value) {
    let uri = format!("at://{ALICE}/com.atproto.lexicon.schema/{NOTE}");
    world.page(&page(), 200, json!({"uri": uri, "cid": CID, "value": record}).to_string());
}

async fn fetch(world: &World) -> Result<NetworkLexicon, Error> {
    world.resolver().fetch_lexicon(&nsid(NOTE)).await
}

#[tokio::test]
async fn a_published_lexicon() {
    let world = published().await;
    let found = fetch(&world).await.unwrap();
    assert_eq!(found.authority.as_str(), ALICE);
    assert_eq!(found.cid.unwrap().to_string(), CID);
    assert_eq!(serde_json::from_str::<Value>(&found.json).unwrap(), lexicon());
}

#[tokio::test]
async fn the_authority_is_remembered_for_its_whole_domain() {
    let world = published().await;
    let resolver = world.resolver();
    for name in [NOTE, "com.example.demo.other", NOTE] {
        assert_eq!(resolver.lexicon_authority(&nsid(name)).await.unwrap().as_str(), ALICE);
    }
    assert_eq!(world.dns.asked(TXT, RecordType::TXT), 1);
}

#[tokio::test]
async fn domains_above_have_no_say() {
    let world = published().await;
    let error = world.resolver().lexicon_authority(&nsid("com.example.demo.deeper.note")).await.unwrap_err();
    assert!(matches!(error, Error::NoAuthority { .. }) && error.is_not_found(), "{error:?}");
    assert_eq!(
        error.to_string(),
        "lexicons of deeper.demo.example.com have no authority: there is no DID in the TXT record of \
         _lexicon.deeper.demo.example.com"
    );
    assert_eq!(world.dns.asked(TXT, RecordType::TXT), 0);
}

#[tokio::test]
async fn errors_name_the_step() {
    let world = published().await;
    world.dns.fail(TXT, RecordType::TXT);
    let error = fetch(&world).await.unwrap_err();
    assert!(matches!(error, Error::AuthorityUnavailable { .. }) && error.is_transient(), "{error:?}");

    let world = published().await;
    world.dns.txt(TXT, &[&format!("did={ALICE}"), &format!("did={BOB}")]);
    let error = fetch(&world).await.unwrap_err();
    assert!(matches!(error, Error::AmbiguousAuthority { .. }), "{error:?}");

    let world = published().await;
    world.page(&format!("/plc/{ALICE}"), 404, "");
    let error = fetch(&world).await.unwrap_err();
    assert!(matches!(error, Error::UnresolvedAuthority { .. }) && !error.is_transient(), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("the authority of {NOTE} could not be resolved: {ALICE} does not exist")
    );

    let world = published().await;
    world.page(&format!("/plc/{ALICE}"), 200, json!({ "id": ALICE }).to_string());
    let error = fetch(&world).await.unwrap_err();
    assert!(matches!(error, Error::NoPds { .. }), "{error:?}");

    let world = published().await;
    world.page(&page(), 400, r#"{"error":"RecordNotFound","message":"…"}"#);
    let error = fetch(&world).await.unwrap_err();
    assert!(matches!(error, Error::LexiconNotFound { .. }) && error.is_not_found(), "{error:?}");

    let world = published().await;
    world.page(&page(), 502, "");
    let error = fetch(&world).await.unwrap_err();
    assert!(matches!(error, Error::LexiconUnavailable { .. }) && error.is_transient(), "{error:?}");
}

#[tokio::test]
async fn records_that_are_not_this_lexicon() {
    let world = published().await;
    for (field, value) in [
        ("$type", json!("com.example.other")),
        ("lexicon", json!(2)),
        ("id", json!("com.example.demo.other")),
        ("defs", json!({})),
        ("defs", json!([])),
        ("id", Value::Null),
    ] {
        let mut record = lexicon();
        record[field] = value.clone();
        publish(&world, &record);
        let error = fetch(&world).await.unwrap_err();
        assert!(matches!(error, Error::BadLexicon { .. }), "{field}: {value}: {error:?}");
    }
    world.page(&page(), 200, "{}");
    let error = fetch(&world).await.unwrap_err();
    assert!(matches!(error, Error::LexiconUnavailable { .. }) && !error.is_transient(), "{error:?}");
}
