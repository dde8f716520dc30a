//! What callers prove themselves with, and everything that proves nothing (spec/appview.md §3.4, §7.3).

mod dpop;
mod issuer;
mod service;

use testkit::{NetworkOptions, TestDatabase};

use crate::people::Client;
use crate::samples::COLLECTIONS;
use crate::scene::Scene;

/// A query that anybody may make: a credential is checked all the same.
const QUERY: &str = COLLECTIONS[0].1;

/// Where it is.
fn path() -> String {
    format!("/xrpc/{QUERY}")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_proves_nothing_is_refused() {
    let options = NetworkOptions { accounts: 1, ..NetworkOptions::default() };
    let Some(scene) = Scene::with(TestDatabase::sqlite(), options).await else { return };
    scene.place.add_samples();
    let server = scene.place.start().await;
    let admin = scene.place.admin(&server);
    let account = scene.network.accounts().await.remove(0);
    let service = service::expose(&scene, &server).await;
    let client = Client::register(&admin, server.url(), "app", "public").await;
    let device = client.sign_in(&scene.network, &account).await;
    dpop::proofs(&device, &client).await;
    service.refuses().await;
    service.follows_a_new_key().await;
    service.answers_a_pds(&account).await;
    service.is_withdrawn().await;
}
