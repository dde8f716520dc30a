//! However much is pushed and pulled at once, the server holds little of it.

use std::path::PathBuf;

use bytes::Bytes;
use futures::future::join_all;
use registry_conformance::client::Body;
use registry_conformance::content::{Algorithm, Blob};

use super::Scene;

const CLIENTS: usize = 8;
const BYTES: usize = 64 << 20;

/// Less than one of the blobs, and this is a server whose code was not made small or fast.
const MOST_MORE: u64 = 48 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn half_a_gibibyte_comes_and_goes_in_little_memory() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    // What has to be there anyway is there after this.
    let small = Blob::random(Algorithm::Sha256, 1 << 20);
    for _ in 0..4 {
        super::push_blob(repository, &small.digest, &small.bytes).await.expect(&[201]).unwrap();
    }
    let before = peak(&scene);
    let blob = Blob::random(Algorithm::Sha256, BYTES);
    let pushes = (0..CLIENTS).map(|_| async {
        let upload = repository.begin().await.unwrap();
        let sent = repository.patch(&upload, None, Body::Whole(blob.bytes.clone())).await.unwrap();
        let upload = sent.expect(&[202]).unwrap().location().unwrap();
        repository.finish(&upload, &blob.digest, None, Bytes::new()).await.unwrap().expect(&[201]).unwrap();
    });
    join_all(pushes).await;
    let after_pushes = peak(&scene);
    let url = format!("{}{}", scene.registry.server.url(), repository.path(&blob.path()));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let pulls = (0..CLIENTS).map(|_| async {
        let mut answer = http.get(&url).send().await.unwrap();
        let mut came = 0;
        while let Some(piece) = answer.chunk().await.unwrap() {
            came += piece.len();
        }
        assert_eq!(came, BYTES);
    });
    join_all(pulls).await;
    let after_pulls = peak(&scene);
    println!(
        "{} MiB before, {} after pushes, {} after pulls",
        before >> 20,
        after_pushes >> 20,
        after_pulls >> 20
    );
    assert!(after_pulls - before < MOST_MORE, "{} MiB more", (after_pulls - before) >> 20);
}

/// The most memory that the server has had so far, in bytes.
fn peak(scene: &Scene) -> u64 {
    let status = PathBuf::from(format!("/proc/{}/status", scene.registry.server.pid()));
    let status = std::fs::read_to_string(status).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}
