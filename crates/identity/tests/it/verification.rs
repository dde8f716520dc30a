//! Handles checked both ways.

use crate::world::{ALICE, BOB, World, name};

#[tokio::test]
async fn a_handle_and_a_document_that_name_each_other() {
    let world = World::new().await;
    world.account(ALICE, "alice.test");
    world.dns.txt("_atproto.alice.test", &[&format!("did={ALICE}")]);
    let resolver = world.resolver();
    for text in [ALICE, "alice.test", "ALICE.test"] {
        let verified = resolver.verified(&name(text)).await.unwrap();
        assert_eq!(verified.identity.did.as_str(), ALICE, "{text}");
        assert_eq!(verified.shown_handle(), "alice.test", "{text}");
    }
}

#[tokio::test]
async fn a_document_that_claims_another_accounts_handle() {
    let world = World::new().await;
    world.account(ALICE, "alice.test");
    world.account(BOB, "alice.test");
    world.dns.txt("_atproto.alice.test", &[&format!("did={ALICE}")]);
    let verified = world.resolver().verified(&name(BOB)).await.unwrap();
    assert_eq!(verified.identity.did.as_str(), BOB);
    assert_eq!(verified.handle, None);
    assert_eq!(verified.shown_handle(), "handle.invalid");
}

#[tokio::test]
async fn a_handle_that_leads_to_an_account_which_does_not_claim_it() {
    let world = World::new().await;
    world.account(ALICE, "alice.test");
    world.dns.txt("_atproto.mallory.test", &[&format!("did={ALICE}")]);
    let resolver = world.resolver();
    let verified = resolver.verified(&name("mallory.test")).await.unwrap();
    assert_eq!(verified.shown_handle(), "handle.invalid", "what the account claims leads nowhere");

    world.dns.txt("_atproto.alice.test", &[&format!("did={ALICE}")]);
    let verified = world.resolver().verified(&name("mallory.test")).await.unwrap();
    assert_eq!(verified.shown_handle(), "alice.test", "never the handle that was asked for");
}

#[tokio::test]
async fn an_account_without_a_handle() {
    let world = World::new().await;
    let mut document = world.document(ALICE, "");
    document["alsoKnownAs"] = serde_json::Value::Null;
    world.page(&format!("/plc/{ALICE}"), 200, document.to_string());
    let verified = world.resolver().verified(&name(ALICE)).await.unwrap();
    assert_eq!(verified.shown_handle(), "handle.invalid");
}
