//! What the stream says about network lexicons.

use ::records::{Decision, RecordAction, RecordEvent};
use appview::{Published, StoredLexicon};
use atproto::{Did, Nsid, RecordKey, Tid};
use serde_json::{Value, json};

use crate::harness::{ALICE, BOB, STATUS, Server, on_each_server, query_lexicon, record_lexicon};

const SCHEMA: &str = "com.atproto.lexicon.schema";

/// An event of Alice's repository at a revision.
fn event(rkey: &str, rev: i64, document: Option<&Value>) -> RecordEvent {
    let put =
        |document: &Value| RecordAction::Put { json: document.to_string(), cid: None, refs: Vec::new() };
    RecordEvent {
        did: Did::parse(ALICE).unwrap(),
        collection: Nsid::parse(SCHEMA).unwrap(),
        rkey: RecordKey::parse(rkey).unwrap(),
        rev: Tid::new(rev, 0).unwrap(),
        seen_at: rev,
        made_at: None,
        action: document.map_or(RecordAction::Delete, put),
    }
}

/// A version of the record lexicon as it is published.
fn version(description: &str) -> Value {
    let mut lexicon = record_lexicon(STATUS);
    lexicon["$type"] = SCHEMA.into();
    lexicon["defs"]["main"]["description"] = description.into();
    lexicon
}

async fn decide(server: &Server, event: RecordEvent) -> Decision {
    let mut decisions = server.hook.decide(&[event]).await.unwrap();
    assert_eq!(decisions.len(), 1);
    decisions.remove(0)
}

async fn stored(server: &Server) -> StoredLexicon {
    server.lexicons().get(STATUS).await.unwrap().unwrap()
}

/// Follows Alice's lexicon, fetched when her repository was at `rev`.
async fn follow(server: &Server, document: &Value, rev: Option<i64>) {
    let published = Published {
        nsid: Nsid::parse(STATUS).unwrap(),
        authority_did: Did::parse(ALICE).unwrap(),
        json: document.to_string(),
        rev: rev.map(|rev| Tid::new(rev, 0).unwrap()),
    };
    server.lexicons().put_network(published, None, None).await.unwrap();
    server.catalogue.refresh().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn is_taken_over_once() {
    on_each_server(|server| async move {
        follow(&server, &version("first"), Some(10)).await;
        let update = event(STATUS, 20, Some(&version("second")));
        for _ in 0..3 {
            assert_eq!(decide(&server, update.clone()).await, Decision::Skip);
            let stored = stored(&server).await;
            assert_eq!((stored.revision, stored.json), (2, version("second").to_string()));
        }
        // From before: the stream is read again from an earlier point.
        decide(&server, event(STATUS, 5, Some(&version("ancient")))).await;
        decide(&server, event(STATUS, 15, None)).await;
        assert_eq!(stored(&server).await.revision, 2);
        // The same in another spelling.
        let mut spaced = event(STATUS, 30, None);
        let json = serde_json::to_string_pretty(&version("second")).unwrap();
        spaced.action = RecordAction::Put { json, cid: None, refs: Vec::new() };
        decide(&server, spaced).await;
        assert_eq!(stored(&server).await.json, version("second").to_string());
        assert_eq!(stored(&server).await.revision, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_lexicon_is_removed() {
    on_each_server(|server| async move {
        follow(&server, &version("first"), Some(10)).await;
        assert!(server.catalogue.is_collection(STATUS));
        decide(&server, event(STATUS, 20, None)).await;
        assert!(server.lexicons().get(STATUS).await.unwrap().is_none());
        assert!(!server.catalogue.is_collection(STATUS), "in effect at once");
        decide(&server, event(STATUS, 5, Some(&version("ancient")))).await;
        assert!(server.lexicons().get(STATUS).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_authority_counts() {
    on_each_server(|server| async move {
        follow(&server, &version("first"), None).await;
        let forged = |action| RecordEvent { did: Did::parse(BOB).unwrap(), ..action };
        decide(&server, forged(event(STATUS, 20, Some(&version("forged"))))).await;
        decide(&server, forged(event(STATUS, 20, None))).await;
        // Alice, about something else.
        decide(&server, event("com.example.other", 20, Some(&record_lexicon("com.example.other")))).await;
        decide(&server, event("self", 20, Some(&version("x")))).await;
        decide(&server, event("COM.example.status", 20, Some(&version("x")))).await;
        assert_eq!(stored(&server).await.revision, 1);
        assert_eq!(server.lexicons().list().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lexicon_added_by_hand_belongs_to_the_operator() {
    on_each_server(|server| async move {
        server.add_status_lexicons().await;
        decide(&server, event(STATUS, 20, Some(&version("published")))).await;
        decide(&server, event(STATUS, 30, None)).await;
        assert_eq!(stored(&server).await.json, record_lexicon(STATUS).to_string());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_leaves_what_is_there() {
    on_each_server(|server| async move {
        follow(&server, &version("first"), Some(10)).await;
        for (number, document) in [
            json!({}),
            json!({"lexicon": 2, "id": STATUS, "defs": {}}),
            query_lexicon("com.example.other"),
            json!({"lexicon": 1, "id": STATUS, "defs": {}, "x": "x".repeat(600 << 10)}),
        ]
        .iter()
        .enumerate()
        {
            let rev = 20 + i64::try_from(number).unwrap();
            assert_eq!(decide(&server, event(STATUS, rev, Some(document))).await, Decision::Skip);
            assert_eq!(stored(&server).await.revision, 1, "{number}");
        }
        decide(&server, event(STATUS, 30, Some(&version("second")))).await;
        assert_eq!(stored(&server).await.revision, 2, "and the next sound one counts");
    })
    .await;
}

/// Published lexicons are records like others for whoever loads the lexicon of lexicons.
#[tokio::test(flavor = "multi_thread")]
async fn published_lexicons_can_be_indexed_too() {
    on_each_server(|server| async move {
        assert!(
            server.hook.wants(&Nsid::parse(SCHEMA).unwrap())
                && !server.hook.wants(&Nsid::parse(STATUS).unwrap())
        );
        assert_eq!(decide(&server, event(STATUS, 1, Some(&version("x")))).await, Decision::Skip);
        server.add(appview::NewLexicon::new(record_lexicon(SCHEMA).to_string())).await;
        assert_eq!(decide(&server, event(STATUS, 1, Some(&version("x")))).await, Decision::Keep);
        assert_eq!(decide(&server, event(STATUS, 2, None)).await, Decision::Keep);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn adding_again_keeps_what_the_operator_decided() {
    on_each_server(|server| async move {
        let mut lexicon = appview::NewLexicon::new(version("mine").to_string());
        lexicon.backfill = false;
        lexicon.token_cost = Some(7);
        server.add(lexicon).await;
        follow(&server, &version("theirs"), Some(10)).await;
        let now = stored(&server).await;
        assert_eq!((now.revision, now.backfill, now.token_cost), (2, false, Some(7)));
        assert_eq!(now.authority_did.as_deref(), Some(ALICE));
        // A fetch that was overtaken by the stream.
        decide(&server, event(STATUS, 20, Some(&version("newer")))).await;
        follow(&server, &version("theirs"), Some(15)).await;
        assert_eq!(stored(&server).await.json, version("newer").to_string());
    })
    .await;
}
