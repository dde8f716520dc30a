//! Links on both engines.

use oci::Algorithm;

use super::*;

fn did(text: &str) -> Did {
    Did::parse(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_says_in_which_hold_its_blob_is() {
    testkit::on_each_engine(&crate::SCHEMAS, async |store| {
        let links = Links::new(store.state.clone());
        let repository = Repository { owner: did("did:web:alice.test"), name: "app".to_owned() };
        let other = Repository { name: "other".to_owned(), ..repository.clone() };
        let (digest, elsewhere) = (Digest::of(Algorithm::Sha256, b"x"), Place::In(did("did:web:hold.test")));
        let place = async |of: &Repository| links.find(of, &digest).await.unwrap().map(|linked| linked.place);
        links.add(&repository, &digest, 1, &Place::Here).await.unwrap();
        assert!(links.has_here(&digest).await.unwrap());
        // The later counts, and once more changes nothing.
        for _ in 0..2 {
            links.add(&repository, &digest, 1, &elsewhere).await.unwrap();
            assert_eq!(place(&repository).await, Some(elsewhere.clone()));
        }
        assert!(!links.has_here(&digest).await.unwrap());
        assert_eq!(links.anywhere(&repository.owner, &digest, &Place::Here).await.unwrap(), None);
        assert_eq!(links.anywhere(&repository.owner, &digest, &elsewhere).await.unwrap(), Some(1));
        // What is gone from our own hold is not gone from others.
        links.add(&other, &digest, 1, &Place::Here).await.unwrap();
        // Another owner is given them as they are, and what is theirs already stays.
        let (moved, since) = (did("did:plc:abc234"), Digest::of(Algorithm::Sha256, b"since"));
        let theirs = |name: &str| Repository { owner: moved.clone(), name: name.to_owned() };
        links.add(&theirs("app"), &since, 2, &elsewhere).await.unwrap();
        for _ in 0..2 {
            links.hand_over(&repository.owner, &moved).await.unwrap();
            assert_eq!(place(&theirs("app")).await, Some(elsewhere.clone()));
            assert_eq!(place(&theirs("other")).await, Some(Place::Here));
            assert!(links.find(&theirs("app"), &since).await.unwrap().is_some());
        }
        links.forget(vec![digest]).await.unwrap();
        assert_eq!(place(&repository).await, Some(elsewhere));
        assert_eq!(place(&other).await, None);
        assert!(links.remove(&repository, &digest).await.unwrap());
    })
    .await;
}
