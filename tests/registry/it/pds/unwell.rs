//! A PDS that does not take what is pushed: the client is told whether to try again, and then it works.

use std::time::{Duration, Instant};

use registry_conformance::Repository;
use serde_json::json;
use testkit::NetworkOptions;
use testkit::network::Fault;
use tokio::time::sleep;

use super::Elsewhere;
use crate::extra::image;
use crate::ours::Registry;
use crate::stubborn::{pull, push, tags};

/// Longer than a host is left alone.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_the_pds_does_not_take_can_be_tried_again() {
    let Some(elsewhere) = Elsewhere::start(NetworkOptions::default()).await else { return };
    let registry = Registry::start_in(&elsewhere.network).await;
    let alice = elsewhere.alice().client(&registry);
    let repository = Repository { client: &alice, name: "alice.test/app" };
    push(repository, &image(&["v0"])).await.unwrap();
    let set = image(&["v1"]);
    let manifest = &set.manifests[0];
    for blob in &set.blobs {
        let upload = repository.begin().await.unwrap();
        let finished = repository.finish(&upload, &blob.digest, None, blob.bytes.clone()).await.unwrap();
        finished.expect(&[201]).unwrap();
    }
    let put = || repository.put_manifest("v1", manifest.media_type, manifest.bytes.clone());
    // Last what makes the server leave the PDS alone for a while.
    let used_before = used(&registry);
    for (status, expected) in [(400, 403), (403, 403), (500, 503), (503, 503), (429, 429)] {
        for method in ["repo.uploadBlob", "repo.putRecord"] {
            let fault = Fault { status, headers: json!({ "retry-after": "1" }), ..Fault::at("pds", method) };
            let fault = elsewhere.network.set_fault(&fault).await;
            let answer = put().await.unwrap();
            // While it leaves it alone it says so.
            let is_as_expected = answer.status == expected || (expected != 403 && answer.status == 503);
            assert!(is_as_expected, "{method} {status}: {} {}", answer.status, answer.text());
            assert_eq!(answer.header("retry-after").is_some(), expected != 403, "{method} {status}");
            assert!(answer.text().contains("your PDS"), "{}", answer.text());
            elsewhere.network.clear_fault(fault).await;
            // What the PDS has said no to takes no room.
            if expected == 403 {
                assert_eq!(used(&registry), used_before, "{method} {status}");
            }
            assert_eq!(tags(repository).await.unwrap(), ["v0"], "{method} {status}");
        }
    }
    let start = Instant::now();
    while put().await.unwrap().expect(&[201, 429, 503]).unwrap().status != 201 {
        assert!(start.elapsed() < PATIENCE, "the PDS is well again, and is still left alone");
        sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(pull(repository, "v1").await.unwrap(), manifest.digest);
}

/// Blobs that take room in the hold.
fn used(registry: &Registry) -> u64 {
    let output = registry.options.command(&["registry", "usage", "--json"]).output().unwrap();
    let usage: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    usage.as_array().unwrap().iter().filter_map(|owner| owner["blobs"].as_u64()).sum()
}
