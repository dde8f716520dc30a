//! Keys that were replaced since their document was fetched.

use std::time::Duration;

use atproto::crypto::PrivateKey;

use super::{Draft, Issuer, Site, site::Shared, token::METHOD};
use crate::support::on_each_engine;

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_key_costs_one_request_and_is_accepted() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let (old, new) = (PrivateKey::generate_k256(), PrivateKey::generate_p256());
        let issuer = Issuer::with_key(&old).await;
        let call = async |key: &PrivateKey| {
            site.call(METHOD, &Draft::new(&issuer.did, &site.audience(), METHOD).sign(key)).await.0
        };
        assert_eq!((call(&old).await, call(&old).await, issuer.fetched()), (200, 200, 1));
        issuer.set_key(&new);
        assert_eq!((call(&new).await, issuer.fetched()), (200, 2), "even on another curve");
        assert_eq!((call(&new).await, issuer.fetched()), (200, 2));
        assert_eq!((call(&old).await, issuer.fetched()), (401, 3), "the old one is worth nothing now");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forgeries_cost_one_request_each_at_most_and_none_within_the_floor() {
    on_each_engine(async |store| {
        let shared = Shared::new(&store).refresh_floor(Duration::from_secs(5));
        let site = Site::instance(&shared).await;
        site.expose().await;
        let key = PrivateKey::generate_p256();
        let issuer = Issuer::with_key(&key).await;
        let call = async |key: &PrivateKey| {
            site.call(METHOD, &Draft::new(&issuer.did, &site.audience(), METHOD).sign(key)).await.0
        };
        for _ in 0..5 {
            assert_eq!(call(&PrivateKey::generate_p256()).await, 401);
        }
        assert_eq!((call(&key).await, issuer.fetched()), (200, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_issuer_is_down_its_last_key_counts() {
    on_each_engine(async |store| {
        let site = Site::exposed(&store).await;
        let (key, forger) = (PrivateKey::generate_p256(), PrivateKey::generate_p256());
        let issuer = Issuer::with_key(&key).await;
        let call = async |key: &PrivateKey| {
            site.call(METHOD, &Draft::new(&issuer.did, &site.audience(), METHOD).sign(key)).await.0
        };
        assert_eq!(call(&key).await, 200);
        issuer.fail();
        assert_eq!(call(&forger).await, 401);
        assert_eq!(call(&key).await, 200);
    })
    .await;
}
