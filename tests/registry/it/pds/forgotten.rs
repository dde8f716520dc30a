//! What an app password began is in memory where there is no Valkey: after a restart whoever pushes is asked to log in again.

use registry_conformance::Repository;
use registry_conformance::client::{Body, Challenge, Client, Request};
use reqwest::Method;
use testkit::{Belvedere, NetworkOptions};

use super::Elsewhere;
use crate::extra::{image, refused};
use crate::ours::Registry;
use crate::stubborn::{pull, push};

#[tokio::test(flavor = "multi_thread")]
async fn a_push_goes_on_with_another_login_after_a_restart() {
    let Some(elsewhere) = Elsewhere::start(NetworkOptions::default()).await else { return };
    let mut registry = Registry::start_in(&elsewhere.network).await;
    let target = elsewhere.alice().target(&registry);
    let alice = Client::new(&target).unwrap();
    let repository = Repository { client: &alice, name: "alice.test/app" };
    let (before, after) = (image(&["v1"]), image(&["v2"]));
    push(repository, &before).await.unwrap();
    let ended = registry.server.terminate().await;
    assert!(ended.status.success(), "{:?}", ended.status);
    registry.server = Belvedere::start(&registry.options).await;

    // The token is still good, and what it stood for is gone.
    let silent = Client::new(&registry.public_target("alice.test")).unwrap();
    let manifest = &before.manifests[0];
    let put = Request::new(Method::PUT, repository.path("manifests/v3"))
        .with("content-type", manifest.media_type)
        .with("authorization", alice.write_authorization("alice.test/app").unwrap())
        .carrying(Body::Whole(manifest.bytes.clone()));
    let answer = silent.send_bare(&put).await.unwrap();
    refused(&answer, 401, "UNAUTHORIZED");
    assert!(answer.text().contains("log in again"), "{}", answer.text());
    let challenge = Challenge::parse(answer.header("www-authenticate").unwrap()).unwrap();
    assert_eq!(challenge.scope.as_deref(), Some("repository:alice.test/app:pull,push"));

    // A client that does what it is told notices nothing.
    push(repository, &after).await.unwrap();
    assert_eq!(pull(repository, "v2").await.unwrap(), after.manifests[0].digest);
}
