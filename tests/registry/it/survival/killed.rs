//! Killed again and again in the middle of pushes: nothing that was acknowledged is lost, and nothing half done is to be seen.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use registry_conformance::Repository;
use registry_conformance::client::Client;
use testkit::Belvedere;
use tokio::time::sleep;

use super::image;
use crate::ours::{ALICE, Blobs, Registry};
use crate::stubborn::{pull, push, tags};

const KILLS: usize = 8;
const WRITERS: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_and_what_is_listed_is_whole() {
    let mut registry = Registry::start(&Blobs::Folder).await;
    let target = registry.target(ALICE);
    let client = Client::new(&target).unwrap();
    let repository = Repository { client: &client, name: "alice.test/one" };
    let mut acknowledged = BTreeMap::new();
    for kill in 0..KILLS {
        let pushed = AtomicUsize::new(0);
        let writers = (0..WRITERS).map(|writer| write(repository, format!("k{kill}-w{writer}"), &pushed));
        let server = registry.server;
        let killer = async {
            while pushed.load(Ordering::Relaxed) < WRITERS {
                sleep(Duration::from_millis(2)).await;
            }
            // At any step of a push.
            sleep(Duration::from_millis(rand::random_range(0..100))).await;
            server.kill();
        };
        let (written, ()) = futures::join!(join_all(writers), killer);
        acknowledged.extend(written.into_iter().flatten());
        registry.server = Belvedere::start(&registry.options).await;
    }
    let mut listed = BTreeMap::new();
    for tag in tags(repository).await.unwrap() {
        let digest = pull(repository, &tag).await.unwrap();
        listed.insert(tag, digest);
    }
    for (tag, digest) in &acknowledged {
        assert_eq!(listed.get(tag), Some(digest), "{tag} was acknowledged");
    }
    assert!(acknowledged.len() >= KILLS * WRITERS, "{}", acknowledged.len());
    println!("{} pushes were acknowledged, {} tags are listed", acknowledged.len(), listed.len());
}

/// Pushes images until nobody answers. The tags and digests of those that were acknowledged.
async fn write(to: Repository<'_>, name: String, pushed: &AtomicUsize) -> Vec<(String, String)> {
    let mut acknowledged = Vec::new();
    loop {
        let tag = format!("{name}-{}", acknowledged.len());
        let set = image(&tag, b"what all have");
        match push(to, &set).await {
            Ok(()) => acknowledged.push((tag, set.manifests[0].digest.clone())),
            Err(error) if error.is::<reqwest::Error>() => return acknowledged,
            Err(error) => panic!("{tag}: {error:#}"),
        }
        pushed.fetch_add(1, Ordering::Relaxed);
    }
}
