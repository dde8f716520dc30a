//! What the headers of answers say, and what those of requests ask for.

use registry_conformance::client::Request;
use registry_conformance::content::{INDEX, MANIFEST};
use reqwest::Method;

use super::{Scene, image, push, refused};

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_is_never_converted_and_can_be_asked_for_if_it_changed() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let set = image(&["v1"]);
    push(repository, &set).await;
    let manifest = &set.manifests[0];
    let of_tag = repository.path("manifests/v1");
    // Nothing, everything, and what it is not.
    for accepts in [None, Some("*/*"), Some(INDEX)] {
        let request = Request::get(&of_tag);
        let request = accepts.into_iter().fold(request, |request, accept| request.with("accept", accept));
        let answer = scene.alice.send(&request).await.unwrap().expect(&[200]).unwrap();
        answer.expect_body(&manifest.bytes).unwrap().expect_header("content-type", MANIFEST).unwrap();
    }
    let answer = repository.get("manifests/v1").await.unwrap();
    let tag = format!("\"{}\"", manifest.digest);
    assert_eq!(answer.header("etag"), Some(&*tag));
    for (name, of) in [("manifest", of_tag), ("blob", repository.path(&set.blobs[0].path()))] {
        let there = scene.alice.send(&Request::get(&of)).await.unwrap();
        let tag = there.header("etag").unwrap_or_else(|| panic!("{name} without an entity tag")).to_owned();
        let again = scene.alice.send(&Request::get(&of).with("if-none-match", &tag)).await.unwrap();
        assert_eq!((again.status, again.body.len()), (304, 0), "{name}");
        let changed = scene.alice.send(&Request::get(&of).with("if-none-match", "\"other\"")).await.unwrap();
        assert_eq!(changed.status, 200, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_the_answer_is_one_of_a_registry() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    for path in ["/v2/", &repository.path("tags/list"), "/v2/nothing/at/all"] {
        let answer = scene.alice.send(&Request::get(path)).await.unwrap();
        assert_eq!(answer.header("docker-distribution-api-version"), Some("registry/2.0"), "{path}");
    }
    for (method, path) in [
        (Method::POST, "manifests/v1"),
        (Method::PATCH, "tags/list"),
        (Method::PUT, "blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000"),
    ] {
        let answer = scene.alice.send(&Request::new(method, repository.path(path))).await.unwrap();
        refused(&answer, 405, "UNSUPPORTED");
    }
    // One that says how many bytes it wants to have continues when it may.
    let blob = repository.begin().await.unwrap();
    let request = Request::new(Method::PATCH, blob).with("expect", "100-continue");
    let body = registry_conformance::client::Body::Whole("waited for".into());
    scene.alice.send(&request.carrying(body)).await.unwrap().expect(&[202]).unwrap();
}
