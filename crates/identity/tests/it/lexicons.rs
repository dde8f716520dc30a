//! Lexicons and who may define them.

use hickory_resolver::proto::rr::RecordType;
use identity::{Error, check_published};
use serde_json::{Value, json};

use crate::world::{ALICE, BOB, World, nsid};

const NOTE: &str = "com.example.demo.note";
const TXT: &str = "_lexicon.demo.example.com";

/// A world in which everything is in order.
async fn published() -> World {
    let world = World::new().await;
    world.dns.txt(TXT, &[&format!("did={ALICE}")]);
    world
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
    let error = world.resolver().lexicon_authority(&nsid(NOTE)).await.unwrap_err();
    assert!(matches!(error, Error::AuthorityUnavailable { .. }) && error.is_transient(), "{error:?}");

    let world = published().await;
    world.dns.txt(TXT, &[&format!("did={ALICE}"), &format!("did={BOB}")]);
    let error = world.resolver().lexicon_authority(&nsid(NOTE)).await.unwrap_err();
    assert!(matches!(error, Error::AmbiguousAuthority { .. }), "{error:?}");
}

#[test]
fn records_that_are_not_this_lexicon() {
    let lexicon = json!({
        "$type": "com.atproto.lexicon.schema",
        "lexicon": 1,
        "id": NOTE,
        "defs": {"main": {"type": "record", "key": "tid", "record": {"type": "object", "properties": {}}}},
    });
    assert_eq!(check_published(&lexicon.to_string(), &nsid(NOTE)), Ok(()));
    for (field, value, problem) in [
        ("$type", json!("com.example.other"), "its $type is not com.atproto.lexicon.schema"),
        ("lexicon", json!(2), "its lexicon version is not 1"),
        ("id", json!("com.example.demo.other"), "its id is another one"),
        ("defs", json!({}), "it defines nothing"),
        ("defs", json!([]), "it lacks $type, lexicon, id or defs"),
        ("id", Value::Null, "it lacks $type, lexicon, id or defs"),
    ] {
        let mut record = lexicon.clone();
        record[field] = value;
        assert_eq!(check_published(&record.to_string(), &nsid(NOTE)), Err(problem), "{field}");
    }
    assert!(check_published("{}", &nsid(NOTE)).is_err());
}
