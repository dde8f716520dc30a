//! What nobody uses up, and what is not cut off: uploads, referrers, pieces, layers.

use std::time::{Duration, Instant};

use bytes::Bytes;
use registry_conformance::Repository;
use registry_conformance::client::{Body, Client, Request};
use registry_conformance::content::{Algorithm, Builder};
use serde_json::{Value, json};
use testkit::S3Service;
use tokio::time::sleep;

use super::{Scene, image, push, push_blob, refused};
use crate::ours::{ALICE, BOB, Blobs, Registry};

/// As many as an account may have open.
const UPLOADS: usize = 1000;

/// Longer than uploads are kept in the test that waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn one_account_does_not_use_up_all_uploads() {
    let scene = Scene::new().await;
    for number in 0..UPLOADS {
        let name = if number % 2 == 0 { "alice.test/one" } else { "alice.test/two" };
        Repository { client: &scene.alice, name }.begin().await.unwrap();
    }
    let one_more = scene.repository().post("", Bytes::new()).await.unwrap();
    refused(&one_more, 429, "TOOMANYREQUESTS");
    let bob = Client::new(&scene.registry.target(BOB)).unwrap();
    Repository { client: &bob, name: "bob.test/one" }.begin().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_expire_where_garbage_is_never_looked_for() {
    let settings = [("REGISTRY_GC_INTERVAL", "0"), ("REGISTRY_GC_GRACE", "2")];
    let registry = Registry::start_with(&Blobs::Folder, &settings).await;
    let alice = Client::new(&registry.target(ALICE)).unwrap();
    let repository = Repository { client: &alice, name: "alice.test/one" };
    let (upload, start) = (repository.begin().await.unwrap(), Instant::now());
    repository.get_at(&upload).await.unwrap().expect(&[204]).unwrap();
    while repository.get_at(&upload).await.unwrap().status != 404 {
        assert!(start.elapsed() < PATIENCE, "it is there for ever");
        sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_is_no_longer_than_it_says() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let upload = repository.begin().await.unwrap();
    let path = |upload: &str| Request::new(reqwest::Method::PATCH, upload).with("content-range", "0-511");
    let request = path(&upload).carrying(Body::Streamed(vec![7; 1000].into()));
    let answer = scene.alice.send(&request).await.unwrap();
    refused(&answer, 400, "SIZE_INVALID");
    // The upload is there with no more than what belongs to it, and the client is told where it stands.
    let stands = repository.get_at(&answer.location().unwrap()).await.unwrap().expect(&[204]).unwrap();
    assert_eq!(answer.header("range"), stands.header("range"));
    let last: usize = stands.header("range").unwrap().trim_start_matches("0-").parse().unwrap();
    assert!(last <= 511, "{last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn referrers_come_in_pages_that_fit_into_memory() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let subject = image(&["v1"]);
    push(repository, &subject).await;
    let about = subject.manifests[0].descriptor();
    let mut builder = Builder::new("large referrers", Algorithm::Sha256);
    for number in 0..6 {
        let annotations: Value =
            (0..300).map(|n| (format!("{number}.{n}"), Value::from("x".repeat(8_000)))).collect();
        builder.artifact(&[], "application/x", json!({ "subject": about, "annotations": annotations }));
    }
    let set = builder.done();
    push(repository, &set).await;
    let mut answer = repository.get(&format!("referrers/{}", subject.manifests[0].digest)).await.unwrap();
    let (mut found, mut pages) = (Vec::new(), 0);
    loop {
        let json = answer.json().unwrap();
        found.extend(json["manifests"].as_array().unwrap().iter().map(|one| one["digest"].clone()));
        assert!(answer.body.len() < 8 << 20, "{} bytes", answer.body.len());
        pages += 1;
        let Some(link) = answer.header("link") else { break };
        let next = answer.url.join(link.split(['<', '>']).nth(1).unwrap()).unwrap();
        answer = repository.get_at(next.as_str()).await.unwrap().expect(&[200]).unwrap();
    }
    found.sort_by_key(Value::to_string);
    let mut expected: Vec<Value> = set.manifests.iter().map(|one| one.digest.clone().into()).collect();
    expected.sort_by_key(Value::to_string);
    assert_eq!(found, expected);
    assert!(pages > 2, "{pages}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_whoever_does_not_exist_nothing_refers_to_anything() {
    let scene = Scene::new().await;
    let digest = Algorithm::Sha256.digest(b"x");
    let nobody = Repository { client: &scene.alice, name: "nobody.invalid/app" };
    let answer = nobody.get(&format!("referrers/{digest}?artifactType=a")).await.unwrap();
    let answer = answer.expect(&[200]).unwrap();
    assert_eq!(answer.json().unwrap()["manifests"], json!([]));
    assert_eq!(answer.header("oci-filters-applied"), Some("artifactType"));
}

/// More layers than a record names.
const LAYERS: usize = 505;

#[tokio::test(flavor = "multi_thread")]
async fn layers_that_a_record_does_not_name_are_needed_all_the_same() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let mut builder = Builder::new("many layers", Algorithm::Sha256);
    let config = builder.config("amd64");
    let layers: Vec<_> = (0..LAYERS)
        .map(|number| builder.blob("application/vnd.oci.image.layer.v1.tar", format!("layer {number}")))
        .collect();
    builder.manifest(&["v1"], json!({ "config": config, "layers": layers }), json!({}));
    let set = builder.done();
    push(repository, &set).await;
    for number in [0, 499, 500, LAYERS - 1] {
        let path = format!("blobs/{}", layers[number]["digest"].as_str().unwrap());
        refused(&repository.delete(&path).await.unwrap(), 405, "UNSUPPORTED");
        repository.get(&path).await.unwrap().expect(&[200]).unwrap();
    }
    repository.delete(&set.manifests[0].path()).await.unwrap().expect(&[202]).unwrap();
    let last = format!("blobs/{}", layers[LAYERS - 1]["digest"].as_str().unwrap());
    repository.delete(&last).await.unwrap().expect(&[202]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_to_a_bucket_is_remembered_by_nobody() {
    let Some(service) = S3Service::start() else { return };
    let registry = Registry::start(&Blobs::Bucket(service.good_url())).await;
    let alice = Client::new(&registry.target(ALICE)).unwrap();
    let repository = Repository { client: &alice, name: "alice.test/one" };
    let set = image(&[]);
    let blob = &set.blobs[0];
    push_blob(repository, &blob.digest, &blob.bytes).await.expect(&[201]).unwrap();
    let answer = repository.get(&blob.path()).await.unwrap().expect(&[200]).unwrap();
    let redirect = answer.redirect.expect("it is in the bucket");
    assert_eq!(redirect["cache-control"], "no-store");
    assert_eq!(redirect["docker-content-digest"], *blob.digest);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_takes_a_token_for_it_and_comes_in_pages() {
    let scene = Scene::new().await;
    let bob = Client::new(&scene.registry.target(BOB)).unwrap();
    let set = image(&["v1"]);
    for name in ["alice.test/b", "alice.test/a", "alice.test/c"] {
        push(Repository { client: &scene.alice, name }, &set).await;
    }
    push(Repository { client: &bob, name: "bob.test/a" }, &set).await;
    let mut names = Vec::new();
    let mut to = "/v2/_catalog?n=3".to_owned();
    loop {
        let answer = bob.send(&Request::get(&to)).await.unwrap().expect(&[200]).unwrap();
        let page = answer.json().unwrap()["repositories"].as_array().unwrap().clone();
        assert!(page.len() <= 3);
        names.extend(page);
        let Some(link) = answer.header("link") else { break };
        to = answer.url.join(link.split(['<', '>']).nth(1).unwrap()).unwrap().to_string();
    }
    assert_eq!(names, ["alice.test/a", "alice.test/b", "alice.test/c", "bob.test/a"]);
    // A token for a repository is no token for the list.
    let other = bob.write_authorization("bob.test/a").unwrap();
    let silent = Client::new(&scene.registry.public_target(BOB)).unwrap();
    let answer = silent.send_bare(&Request::get("/v2/_catalog").with("authorization", other)).await.unwrap();
    refused(&answer, 401, "UNAUTHORIZED");
    assert!(answer.header("www-authenticate").unwrap().contains("registry:catalog:*"));
}
