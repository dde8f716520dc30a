//! `belvedere registry crew` and `usage`

use serde_json::{Value, json};
use testkit::databases;

use super::{ALICE, PASSWORD, hold_of, keep, send, with_password};
use crate::place::{Place, outcome};
use crate::state_of::event_log;

const BOB: &str = "did:web:bob.test";
const TIERS: &str = r#"{"tiers":{"deckhand":{"quota":"5KB"},"bosun":{"quota":"50 KB"}},
    "defaults":{"new_crew_tier":"deckhand"}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_taken_on_changed_and_let_go() {
    for database in databases().await {
        let place = Place::on(database);
        let bob = place.json(&["registry", "crew", "add", BOB]);
        assert_eq!(bob["permissions"], json!(["blob:write"]));
        assert_eq!((&bob["role"], &bob["tier"]), (&json!("write"), &Value::Null));
        let more = ["--permission", "admin", "--permission", "read", "--permission", "admin"];
        let changed = place.json(&[&["registry", "crew", "add", BOB], &more[..]].concat());
        assert_eq!(changed["permissions"], json!(["blob:read", "crew:admin"]));
        assert_eq!((&changed["role"], &changed["added_at"]), (&json!("admin"), &bob["added_at"]));
        assert_eq!(place.json(&["registry", "crew", "list"]), json!([changed]));
        assert!(place.text(&["registry", "crew", "list"]).contains("blob:read crew:admin"));

        // Of a handle that is at home here, nobody is asked.
        with_password(&place, &["add", "alice.test"], PASSWORD);
        let alice = place.json(&["registry", "crew", "add", "alice.test", "--permission", "read"]);
        assert_eq!((&alice["member"], &alice["role"]), (&json!(ALICE), &json!("member")));
        assert_eq!(place.json(&["registry", "crew", "remove", "alice.test"]), json!({ "removed": ALICE }));
        assert_eq!(place.json(&["registry", "crew", "remove", BOB]), json!({ "removed": BOB }));
        assert_eq!(place.json(&["registry", "crew", "list"]), json!([]));
        let gone = place.failure(&["registry", "crew", "remove", BOB]);
        assert!(gone.starts_with(&format!("error: {BOB} is not in the crew\nhelp: ")), "{gone}");
        let log = event_log(&place).await;
        assert_eq!(
            log[0],
            json!(["registry_crew.taken_on", BOB, { "permissions": ["blob:write"], "tier": null }])
        );
        assert_eq!(log.last().unwrap()[0], "registry_crew.let_go");
        assert_eq!(log.len(), 6);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_says_who_has_how_much_of_what() {
    for database in databases().await {
        let place = Place::on(database);
        place.write("tiers.json", TIERS);
        let tiers = ["--registry-quota-file", "tiers.json"];
        let with_tiers = |arguments: &[&str]| place.json(&[&["registry"], arguments, &tiers].concat());
        with_tiers(&["crew", "add", BOB, "--tier", "bosun"]);
        let unknown =
            place.run(&[&["registry", "crew", "add", BOB, "--tier", "captain"], &tiers[..]].concat());
        assert!(unknown.stderr.contains("there is no tier `captain`"), "{unknown:?}");
        assert!(unknown.stderr.contains("deckhand, bosun"), "{unknown:?}");
        let none = place.failure(&["registry", "crew", "add", BOB, "--tier", "bosun"]);
        assert!(none.contains("there are no tiers"), "{none}");

        let hold = hold_of(&place).await;
        let (large, small) = (send(&hold, "a large one").await, send(&hold, "small").await);
        for (owner, layer) in [(ALICE, &small), (BOB, &large), (BOB, &small)] {
            keep(&hold, owner, layer).await;
        }
        let bob = json!({ "owner": BOB, "blobs": 2, "bytes": 16, "limit": 50_000 });
        let alice = json!({ "owner": ALICE, "blobs": 1, "bytes": 5, "limit": 5000 });
        assert_eq!(with_tiers(&["usage"]), json!([bob, alice]));
        assert_eq!(with_tiers(&["usage", "--limit", "1"]), json!([bob]));
        assert_eq!(with_tiers(&["usage", ALICE]), json!([alice]));
        let captain = with_tiers(&["usage", BOB, "--hold-owner", BOB]);
        assert_eq!(captain[0]["limit"], Value::Null);
        assert_eq!(place.json(&["registry", "usage", "did:web:carol.test"])[0]["bytes"], 0);
        assert!(place.text(&["registry", "usage"]).contains("16 B"));
    }
}

#[test]
fn words_that_are_none_are_refused() {
    let place = Place::on(testkit::TestDatabase::sqlite());
    let refused = outcome(&mut place.command(&["registry", "crew", "add", BOB, "--permission", "all"]));
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("read, write, admin"), "{refused:?}");
    let nobody = place.failure(&["registry", "crew", "add", "nobody"]);
    assert!(nobody.contains("`nobody` is neither a DID nor a handle"), "{nobody}");
}
