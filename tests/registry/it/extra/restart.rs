//! What was pushed, and what was only begun, survives the end of the process, orderly or not.

use registry_conformance::Repository;
use registry_conformance::client::{Body, Client};
use registry_conformance::content::{Algorithm, Blob};
use testkit::Belvedere;

use super::{Scene, image, push};
use crate::ours::ALICE;

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_after_the_server_was_stopped() {
    goes_on(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_after_the_server_was_killed() {
    goes_on(true).await;
}

async fn goes_on(is_killed: bool) {
    const HALF: usize = 1 << 20;
    let Scene { mut registry, alice } = Scene::new().await;
    let (set, blob) = (image(&["v1"]), Blob::random(Algorithm::Sha256, 2 * HALF));
    let repository = Repository { client: &alice, name: "alice.test/one" };
    push(repository, &set).await;
    let upload = repository.begin().await.unwrap();
    let first = Body::Whole(blob.bytes.slice(..HALF));
    let answer = repository.patch(&upload, Some((0, HALF - 1)), first).await.unwrap();
    let upload = answer.expect(&[202]).unwrap().location().unwrap();

    if is_killed {
        registry.server.kill();
    } else {
        let ended = registry.server.terminate().await;
        assert!(ended.status.success(), "{:?}", ended.status);
    }
    registry.server = Belvedere::start(&registry.options).await;
    let alice = Client::new(&registry.target(ALICE)).unwrap();
    let repository = Repository { client: &alice, name: "alice.test/one" };
    let status = repository.get_at(&upload).await.unwrap().expect(&[204]).unwrap();
    // A server that was killed may have lost what it had not said to have; it had said so.
    assert_eq!(status.header("range"), Some(&*format!("0-{}", HALF - 1)));
    let upload = status.location().unwrap_or(upload);
    let span = Some((HALF, 2 * HALF - 1));
    let answer = repository.finish(&upload, &blob.digest, span, blob.bytes.slice(HALF..)).await.unwrap();
    answer.expect(&[201]).unwrap();
    repository.get(&blob.path()).await.unwrap().expect_body(&blob.bytes).unwrap();
    let answer = repository.get("manifests/v1").await.unwrap().expect(&[200]).unwrap();
    answer.expect_body(&set.manifests[0].bytes).unwrap();
}
