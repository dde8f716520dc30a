//! Several clients at once.

use std::collections::BTreeSet;

use bytes::Bytes;
use futures::future::join_all;
use registry_conformance::content::{Algorithm, Blob};

use super::{Scene, image, push, push_blob};

#[tokio::test(flavor = "multi_thread")]
async fn one_blob_pushed_by_many_at_once_is_there_once_and_whole() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let blob = Blob::random(Algorithm::Sha256, 1 << 20);
    let pushes = (0..8).map(|_| push_blob(repository, &blob.digest, &blob.bytes));
    for answer in join_all(pushes).await {
        answer.expect(&[201]).unwrap();
    }
    repository.get(&blob.path()).await.unwrap().expect(&[200]).unwrap().expect_body(&blob.bytes).unwrap();
}

/// Of two that write the same upload, each byte is written once: one goes on, the other is told to.
#[tokio::test(flavor = "multi_thread")]
async fn two_writers_of_one_upload_do_not_mix() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    let blob = Blob::random(Algorithm::Sha256, 1 << 20);
    let upload = repository.begin().await.unwrap();
    let span = Some((0, blob.bytes.len() - 1));
    let body = || registry_conformance::client::Body::Whole(blob.bytes.clone());
    let writes = (0..4).map(|_| repository.patch(&upload, span, body()));
    let answers: Vec<_> = join_all(writes).await.into_iter().map(Result::unwrap).collect();
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|&&status| status == 202).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [202, 400, 416].contains(status)), "{statuses:?}");
    let winner = answers.iter().find(|answer| answer.status == 202).unwrap();
    let finished = repository.finish(&winner.location().unwrap(), &blob.digest, None, Bytes::new()).await;
    finished.unwrap().expect(&[201]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_many_move_is_always_somewhere() {
    const WRITERS: usize = 4;
    const MOVES: usize = 10;
    let scene = Scene::new().await;
    let repository = scene.repository();
    let sets: Vec<_> = (0..WRITERS).map(|_| image(&["moving"])).collect();
    for set in &sets {
        push(repository, set).await;
    }
    let digests: BTreeSet<String> = sets.iter().map(|set| set.manifests[0].digest.clone()).collect();
    let movers = sets.iter().map(|set| {
        let manifest = &set.manifests[0];
        async move {
            for _ in 0..MOVES {
                let put = repository.put_manifest("moving", manifest.media_type, manifest.bytes.clone());
                put.await.unwrap().expect(&[201]).unwrap();
            }
        }
    });
    let reader = async {
        for _ in 0..WRITERS * MOVES {
            let answer = repository.get("manifests/moving").await.unwrap().expect(&[200]).unwrap();
            let digest = answer.header("docker-content-digest").unwrap();
            assert!(digests.contains(digest), "{digest}");
            assert_eq!(Algorithm::Sha256.digest(&answer.body), digest);
        }
    };
    futures::join!(join_all(movers), reader);
    let tags = repository.get("tags/list").await.unwrap().json().unwrap();
    assert_eq!(tags["tags"], serde_json::json!(["moving"]));
}

/// Who has begun to read a blob gets all of it, or notices that it has not.
#[tokio::test(flavor = "multi_thread")]
async fn a_blob_deleted_while_it_is_pulled_is_never_half_a_blob() {
    let scene = Scene::new().await;
    let repository = scene.repository();
    for _ in 0..4 {
        let blob = Blob::random(Algorithm::Sha256, 4 << 20);
        push_blob(repository, &blob.digest, &blob.bytes).await.expect(&[201]).unwrap();
        let path = blob.path();
        let pulls = join_all((0..4).map(|_| repository.get(&path)));
        let (pulled, deleted) = futures::join!(pulls, repository.delete(&path));
        deleted.unwrap().expect(&[202]).unwrap();
        for answer in pulled.into_iter().flatten() {
            if answer.status == 200 {
                answer.expect_body(&blob.bytes).unwrap();
            } else {
                answer.expect(&[404]).unwrap();
            }
        }
        repository.get(&path).await.unwrap().expect(&[404]).unwrap();
    }
}
