//! A token is good once.

use atproto::crypto::PrivateKey;
use cache::Cache;

use super::{
    Draft, Issuer, Site,
    site::Shared,
    token::{METHOD, now},
};
use crate::support::on_each_engine;

/// What a token is answered that was seen before.
fn spent() -> (u16, String) {
    (401, "the service token was used before".to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn once_on_all_instances() {
    on_each_engine(async |store| {
        let shared = Shared::new(&store);
        let one = Site::instance(&shared).await;
        one.expose().await;
        let two = Site::instance(&shared.public_url(&one.origin)).await;
        let key = PrivateKey::generate_k256();
        let (issuer, stranger) = (Issuer::with_key(&key).await, Issuer::with_key(&key).await);
        let audience = one.audience();
        let draft = Draft::new(&issuer.did, &audience, METHOD).claim("jti", "once");
        // Forgeries that name the same `jti` spend nothing.
        assert_eq!(two.call(METHOD, &draft.sign(&PrivateKey::generate_k256())).await.0, 401);
        assert_eq!(two.call(METHOD, &draft.sign(&key)).await.0, 200);
        assert_eq!(two.call(METHOD, &draft.sign(&key)).await, spent());
        assert_eq!(two.call(METHOD, &draft.sign_high(&key)).await, spent(), "the same token in other bytes");
        let again = Draft::new(&issuer.did, &audience, METHOD).claim("jti", "once").claim("exp", now() + 600);
        assert_eq!(two.call(METHOD, &again.sign(&key)).await, spent(), "the same jti in another token");
        let theirs = Draft::new(&stranger.did, &audience, METHOD).claim("jti", "once");
        assert_eq!(two.call(METHOD, &theirs.sign(&key)).await.0, 200, "another issuer's jti");
        let without = Draft::new(&issuer.did, &audience, METHOD).claim("jti", ());
        assert_eq!(two.call(METHOD, &without.sign(&key)).await.0, 200);
        assert_eq!(two.call(METHOD, &without.sign_high(&key)).await, spent(), "no jti");
        assert_eq!(one.call(METHOD, &draft.sign(&key)).await, spent(), "seen by another instance");
        assert_eq!(one.call(METHOD, &theirs.sign(&key)).await, spent());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn once_on_all_machines() {
    let Ok(url) = std::env::var("TEST_VALKEY_URL") else {
        eprintln!("SKIPPED: this test on Valkey: set TEST_VALKEY_URL, or run it under scripts/with-services");
        return;
    };
    on_each_engine(async |store| {
        let prefix = format!("{}:", uuid::Uuid::new_v4());
        let connect = async || Cache::connect(&url, &prefix).await.unwrap();
        let one = Site::instance(&Shared::new(&store).cache(connect().await)).await;
        one.expose().await;
        let two = Shared::new(&store).cache(connect().await).public_url(&one.origin);
        let two = Site::instance(&two).await;
        let key = PrivateKey::generate_k256();
        let issuer = Issuer::with_key(&key).await;
        let token = Draft::new(&issuer.did, &one.audience(), METHOD).sign(&key);
        assert_eq!(one.call(METHOD, &token).await.0, 200);
        assert_eq!(two.call(METHOD, &token).await, spent());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn once_however_many_at_once() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let key = PrivateKey::generate_k256();
        let issuer = Issuer::with_key(&key).await;
        let token = Draft::new(&issuer.did, &site.audience(), METHOD).sign(&key);
        let calls = futures::future::join_all((0..20).map(|_| site.call(METHOD, &token))).await;
        let accepted = calls.iter().filter(|(status, _)| *status == 200).count();
        assert_eq!((accepted, calls.len()), (1, 20));
    })
    .await;
}
