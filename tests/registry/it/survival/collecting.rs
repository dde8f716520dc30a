//! Garbage is collected all the time, without any grace, while clients push and delete what has layers in common.

use std::time::{Duration, Instant};

use futures::future::join_all;
use registry_conformance::Repository;
use registry_conformance::client::Client;
use registry_conformance::content::{Algorithm, Blob, DataSet};
use tokio::time::sleep;

use super::image;
use crate::ours::{ALICE, BOB, Blobs, Registry};
use crate::stubborn::{has_pushed_blob, pull, push, tags};

/// Long enough that garbage is collected several times.
const WHILE: Duration = Duration::from_secs(6);
/// Garbage is gone by then.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a client has done.
struct Done {
    kept: Vec<DataSet>,
    deleted: Vec<DataSet>,
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_an_image_needs_is_ever_collected() {
    let settings = [("REGISTRY_GC_INTERVAL", "1"), ("REGISTRY_GC_GRACE", "0")];
    let registry = Registry::start_with(&Blobs::Folder, &settings).await;
    let clients = [ALICE, BOB].map(|user| Client::new(&registry.target(user)).unwrap());
    let repositories = [(ALICE, 0), (BOB, 1)].map(|(user, client)| (format!("{user}/one"), &clients[client]));
    let places: Vec<_> = repositories.iter().map(|(name, client)| Repository { client, name }).collect();
    // Two in each repository.
    let work = (0..4).map(|n| push_and_delete(places[n % 2], n));
    let done = join_all(work).await;
    // What was pushed last has been looked at, too.
    for place in &places {
        has_collected(*place).await;
    }
    let mut kept = [Vec::new(), Vec::new()];
    for (n, Done { kept: sets, deleted }) in done.iter().enumerate() {
        for manifest in sets.iter().flat_map(|set| &set.manifests) {
            assert_eq!(pull(places[n % 2], &manifest.tags[0]).await.unwrap(), manifest.digest);
            kept[n % 2].push(manifest.tags[0].clone());
        }
        for set in deleted {
            // The configuration, which nobody else has.
            places[n % 2].get(&set.blobs[0].path()).await.unwrap().expect(&[404]).unwrap();
        }
        assert!(!sets.is_empty() && !deleted.is_empty());
        println!("client {n}: {} kept, {} deleted", sets.len(), deleted.len());
    }
    for (place, mut kept) in places.iter().zip(kept) {
        kept.sort_unstable();
        assert_eq!(tags(*place).await.unwrap(), kept);
    }
}

/// Pushes images and deletes every other; what was pushed is pulled at once.
async fn push_and_delete(repository: Repository<'_>, client: usize) -> Done {
    let (start, mut done) = (Instant::now(), Done { kept: Vec::new(), deleted: Vec::new() });
    for n in 0.. {
        if start.elapsed() > WHILE {
            break;
        }
        // A layer that comes and goes, as all who have it come and go.
        let set = image(&format!("c{client}-{n}"), format!("shared {}", n % 3).as_bytes());
        push(repository, &set).await.unwrap();
        let manifest = &set.manifests[0];
        assert_eq!(pull(repository, &manifest.tags[0]).await.unwrap(), manifest.digest);
        if n % 8 == 7 {
            done.kept.push(set);
        } else {
            repository.delete(&manifest.path()).await.unwrap().expect(&[202]).unwrap();
            done.deleted.push(set);
        }
    }
    done
}

/// Waits until a blob is gone that nobody needs: garbage was looked for since.
async fn has_collected(repository: Repository<'_>) {
    let (start, blob) = (Instant::now(), Blob::random(Algorithm::Sha256, 64));
    while !has_pushed_blob(repository, &blob).await.unwrap() {}
    while repository.head(&blob.path()).await.unwrap().status != 404 {
        assert!(start.elapsed() < PATIENCE, "garbage is still there");
        sleep(Duration::from_millis(20)).await;
    }
}
