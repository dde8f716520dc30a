//! Killed in the middle of mounts, of moves of a tag, and while garbage is collected.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use registry_conformance::Repository;
use registry_conformance::client::Client;
use registry_conformance::content::DataSet;
use testkit::Belvedere;
use tokio::time::sleep;

use super::image;
use crate::ours::{ALICE, Blobs, Registry};
use crate::stubborn::{pull, push, tags};

const KILLS: usize = 5;
const WORKERS: usize = 3;

/// Kills the server when that much has been done and a bit more, and starts it again; `work` ends when nobody answers.
async fn kill_during<T>(
    mut registry: Registry,
    enough: usize,
    done: &AtomicUsize,
    work: impl Future<Output = T>,
) -> (Registry, T) {
    let server = registry.server;
    let killer = async {
        while done.load(Ordering::Relaxed) < enough {
            sleep(Duration::from_millis(2)).await;
        }
        sleep(Duration::from_millis(rand::random_range(0..60))).await;
        server.kill();
    };
    let (outcome, ()) = futures::join!(work, killer);
    registry.server = Belvedere::start(&registry.options).await;
    (registry, outcome)
}

/// Whether it was done; otherwise nobody answers any more.
fn is_done(outcome: anyhow::Result<()>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(error) if error.is::<reqwest::Error>() => false,
        Err(error) => panic!("{error:#}"),
    }
}

fn client(registry: &Registry) -> Client {
    Client::new(&registry.target(ALICE)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_mounted_is_there() {
    let mut registry = Registry::start(&Blobs::Folder).await;
    let client = client(&registry);
    let [one, two] = ["alice.test/one", "alice.test/two"].map(|name| Repository { client: &client, name });
    for kill in 0..KILLS {
        let sets: Vec<_> = (0..40).map(|n| image(&format!("k{kill}-{n}"), b"what all have")).collect();
        for set in &sets {
            push(one, set).await.unwrap();
        }
        let done = AtomicUsize::new(0);
        let workers = sets.chunks(sets.len().div_ceil(WORKERS)).map(|sets| mount_all(two, sets, &done));
        let mounted;
        (registry, mounted) = kill_during(registry, WORKERS * 2, &done, join_all(workers)).await;
        for digest in mounted.into_iter().flatten() {
            two.head(&format!("blobs/{digest}")).await.unwrap().expect(&[200]).unwrap();
        }
        // What was not acknowledged can be done again, and then an image is made of it.
        for set in &sets {
            mount_all(two, std::slice::from_ref(set), &done).await;
            push(two, set).await.unwrap();
            assert_eq!(pull(two, &set.manifests[0].tags[0]).await.unwrap(), set.manifests[0].digest);
        }
    }
}

/// The digests whose mount was acknowledged.
async fn mount_all(to: Repository<'_>, sets: &[DataSet], done: &AtomicUsize) -> Vec<String> {
    let mut mounted = Vec::new();
    for digest in sets.iter().flat_map(|set| &set.blobs).map(|blob| blob.digest.clone()) {
        let query = format!("?mount={digest}&from=alice.test/one");
        let answer = to.post(&query, bytes::Bytes::new()).await;
        if !is_done(answer.map(|answer| drop(answer.expect(&[201]).unwrap()))) {
            break;
        }
        done.fetch_add(1, Ordering::Relaxed);
        mounted.push(digest);
    }
    mounted
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_is_being_moved_is_on_one_image_or_the_other() {
    let mut registry = Registry::start(&Blobs::Folder).await;
    let client = client(&registry);
    let repository = Repository { client: &client, name: "alice.test/one" };
    let sets: Vec<_> = (0..WORKERS).map(|_| image("moving", b"what all have")).collect();
    for set in &sets {
        push(repository, set).await.unwrap();
    }
    let digests: Vec<&String> = sets.iter().map(|set| &set.manifests[0].digest).collect();
    for _ in 0..KILLS {
        let done = AtomicUsize::new(0);
        let workers = sets.iter().map(|set| async {
            let manifest = &set.manifests[0];
            loop {
                let put =
                    repository.put_manifest("moving", manifest.media_type, manifest.bytes.clone()).await;
                if !is_done(put.map(|answer| drop(answer.expect(&[201]).unwrap()))) {
                    break;
                }
                done.fetch_add(1, Ordering::Relaxed);
            }
        });
        (registry, _) = kill_during(registry, WORKERS * 3, &done, join_all(workers)).await;
        assert_eq!(tags(repository).await.unwrap(), ["moving"]);
        let on = pull(repository, "moving").await.unwrap();
        assert!(digests.contains(&&on), "{on}");
    }
    // Deleted with its image by one while another moves it: a tag goes with its image or is on another.
    let deleted = &sets[0].manifests[0];
    let moved = &sets[1].manifests[0];
    let put = repository.put_manifest("moving", moved.media_type, moved.bytes.clone());
    let path = deleted.path();
    let (put, removed) = futures::join!(put, repository.delete(&path));
    put.unwrap().expect(&[201]).unwrap();
    removed.unwrap().expect(&[202]).unwrap();
    assert_eq!(pull(repository, "moving").await.unwrap(), moved.digest);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_not_garbage_and_uploads_are_not_left() {
    let settings = [("REGISTRY_GC_INTERVAL", "1"), ("REGISTRY_GC_GRACE", "0")];
    let mut registry = Registry::start_with(&Blobs::Folder, &settings).await;
    let client = client(&registry);
    let repository = Repository { client: &client, name: "alice.test/one" };
    let mut kept = Vec::new();
    for kill in 0..KILLS {
        let done = AtomicUsize::new(0);
        let workers =
            (0..WORKERS).map(|worker| push_and_delete(repository, format!("k{kill}-w{worker}"), &done));
        let of_workers: Vec<Vec<DataSet>>;
        (registry, of_workers) = kill_during(registry, WORKERS * 8, &done, join_all(workers)).await;
        kept.extend(of_workers.into_iter().flatten());
    }
    for set in &kept {
        assert_eq!(pull(repository, &set.manifests[0].tags[0]).await.unwrap(), set.manifests[0].digest);
    }
    assert!(kept.len() >= KILLS, "{}", kept.len());
    // At most what each worker was sending when the server ended.
    let uploads = std::fs::read_dir(registry.options.data_dir.join("registry/uploads")).unwrap().count();
    assert!(uploads <= KILLS * WORKERS, "{uploads} uploads are left");
    println!("{} images are kept, {uploads} uploads are left", kept.len());
}

/// Pushes images and deletes every other, until nobody answers. Those that were acknowledged, and not deleted.
async fn push_and_delete(to: Repository<'_>, name: String, done: &AtomicUsize) -> Vec<DataSet> {
    let mut kept = Vec::new();
    for n in 0.. {
        let set = image(&format!("{name}-{n}"), format!("shared {}", n % 3).as_bytes());
        if !is_done(push(to, &set).await) {
            break;
        }
        if n % 2 == 0 {
            kept.push(set);
        } else {
            let deleted = to.delete(&set.manifests[0].path()).await;
            if !is_done(deleted.map(|answer| drop(answer.expect(&[202]).unwrap()))) {
                break;
            }
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
    kept
}
