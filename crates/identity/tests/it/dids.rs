//! DIDs and their documents.

use atproto::did_doc::DidDocError;
use identity::Error;
use serde_json::json;

use crate::world::{ALICE, BOB, KEY, World, did};

#[tokio::test]
async fn a_registered_account() {
    let world = World::new().await;
    world.account(ALICE, "alice.test");
    let identity = world.resolver().resolve_did(&did(ALICE)).await.unwrap();
    assert_eq!(identity.did.as_str(), ALICE);
    assert_eq!(identity.handle.as_ref().unwrap().as_str(), "alice.test");
    assert_eq!(identity.pds.as_ref().unwrap(), &world.url("/"));
    assert_eq!(identity.signing_key.as_ref().unwrap().multikey(), KEY);
}

#[tokio::test]
async fn a_document_that_says_little() {
    let world = World::new().await;
    world.page(&format!("/plc/{ALICE}"), 200, json!({ "id": ALICE }).to_string());
    let identity = world.resolver().resolve_did(&did(ALICE)).await.unwrap();
    assert!(identity.handle.is_none() && identity.pds.is_none() && identity.signing_key.is_none());
}

#[tokio::test]
async fn unregistered_and_deleted() {
    let world = World::new().await;
    let resolver = world.resolver();
    world.page(&format!("/plc/{ALICE}"), 404, r#"{"message":"DID not registered: …"}"#);
    world.page(&format!("/plc/{BOB}"), 410, r#"{"message":"DID not available"}"#);
    for text in [ALICE, BOB] {
        let error = resolver.resolve_did(&did(text)).await.unwrap_err();
        assert!(matches!(error, Error::DidNotFound { .. }) && error.is_not_found(), "{error:?}");
        assert_eq!(error.to_string(), format!("{text} does not exist"));
    }
}

#[tokio::test]
async fn documents_that_cannot_be_believed() {
    let world = World::new().await;
    let resolver = world.resolver();
    let page = format!("/plc/{ALICE}");

    world.page(&page, 200, world.document(BOB, "bob.test").to_string());
    let error = resolver.resolve_did(&did(ALICE)).await.unwrap_err();
    assert!(matches!(error, Error::BadDocument(DidDocError::WrongId { .. })), "{error:?}");
    assert!(!error.is_transient());

    resolver.invalidate(&did(ALICE)).await;
    world.page(&page, 200, "<!doctype html>");
    let error = resolver.resolve_did(&did(ALICE)).await.unwrap_err();
    assert!(matches!(error, Error::BadDocument(DidDocError::Unreadable { .. })), "{error:?}");

    resolver.invalidate(&did(ALICE)).await;
    let mut oversize = world.document(ALICE, "alice.test");
    oversize["padding"] = json!(".".repeat(16 << 10));
    world.page(&page, 200, oversize.to_string());
    match resolver.resolve_did(&did(ALICE)).await.unwrap_err() {
        Error::DidUnavailable { cause, .. } => {
            assert!(matches!(*cause, outbound::Error::TooLarge { .. }), "{cause:?}");
        }
        error => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn did_web_on_this_machine() {
    let world = World::new().await;
    let text = format!("did:web:localhost%3A{}", world.server.port());
    world.page("/.well-known/did.json", 200, world.document(&text, "service.test").to_string());
    let identity = world.resolver().resolve_did(&did(&text)).await.unwrap();
    assert_eq!(identity.did.as_str(), text);

    let production = identity::ResolverConfig { dev: false, ..world.config() };
    let error = world.resolver_with(production).resolve_did(&did(&text)).await.unwrap_err();
    assert!(matches!(error, Error::UnsupportedDid { .. }), "{error:?}");
}

#[tokio::test]
async fn did_web_with_a_path_is_refused_unasked() {
    let world = World::new().await;
    let text = format!("did:web:localhost%3A{}:user:alice", world.server.port());
    let error = world.resolver().resolve_did(&did(&text)).await.unwrap_err();
    assert!(matches!(error, Error::UnsupportedDid { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("{text} cannot be resolved: a did:web with a path is not supported")
    );
    assert_eq!(world.hits("/user/alice/did.json") + world.hits("/.well-known/did.json"), 0);
}

#[tokio::test]
async fn did_web_does_not_lead_into_the_internal_network() {
    let world = World::new().await;
    world.dns.addresses("internal.corp.net", &["10.0.0.1"]);
    let error = world.resolver().resolve_did(&did("did:web:internal.corp.net")).await.unwrap_err();
    match &error {
        Error::DidUnavailable { cause, .. } => {
            assert!(matches!(**cause, outbound::Error::Refused { .. }), "{cause:?}");
        }
        error => panic!("{error:?}"),
    }
    assert!(!error.to_string().contains("10.0.0.1") && !error.is_transient());
}
