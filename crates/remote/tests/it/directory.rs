//! Which repositories have records of a collection.

use remote::{Directory, Kind};
use serde_json::json;
use testkit::sim::{Plan, Sim};

use crate::stub::Stub;
use crate::world::{NOTE, OTHER, client, nsid};

const METHOD: &str = "com.atproto.sync.listReposByCollection";

#[tokio::test]
async fn all_pages() {
    let sim = Sim::start(Plan::normal(4, 2, 7, &[nsid(NOTE)], 1)).await;
    let directory = Directory::new(client(), sim.relay());
    let (mut dids, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = directory.repos_with(&nsid(NOTE), cursor.as_deref(), 5).await.unwrap();
        assert!(page.dids.len() <= 5);
        pages += 1;
        dids.extend(page.dids);
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert!((3..=4).contains(&pages));
    let mut expected = sim.accounts();
    dids.sort();
    expected.sort();
    assert_eq!(dids, expected);
    assert!(directory.repos_with(&nsid(OTHER), None, 5).await.unwrap().dids.is_empty());
}

#[tokio::test]
async fn a_directory_that_errs() {
    let stub = Stub::start().await;
    let directory = Directory::new(client(), stub.url.clone());
    stub.answer(
        METHOD,
        200,
        &json!({"repos": [{"did": "did:web:a.example"}, {"did": 1}, {}, "x"], "cursor": "c"}),
    );
    let page = directory.repos_with(&nsid(NOTE), None, 10_000).await.unwrap();
    assert_eq!((page.dids.len(), page.cursor.as_deref()), (1, Some("c")));
    let again = directory.repos_with(&nsid(NOTE), Some("c"), 1).await.unwrap_err();
    assert_eq!(again.kind(), Kind::Malformed, "{again}");
    for body in [json!({}), json!({"repos": 1}), json!({"repos": [], "cursor": "x".repeat(4000)})] {
        stub.answer(METHOD, 200, &body);
        assert_eq!(directory.repos_with(&nsid(NOTE), None, 1).await.unwrap_err().kind(), Kind::Malformed);
    }
    stub.answer(METHOD, 502, &json!({}));
    assert_eq!(directory.repos_with(&nsid(NOTE), None, 1).await.unwrap_err().kind(), Kind::Unavailable);
}
