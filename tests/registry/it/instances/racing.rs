//! Changes of one repository through both at once.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::join_all;
use registry_conformance::Repository;
use registry_conformance::content::DataSet;
use testkit::Belvedere;

use super::Pair;
use crate::extra::image;
use crate::stubborn::{pull, push, tags};

const ROUNDS: usize = 12;

/// Longer than the lock of an instance that died, and shorter than a client waits.
const TERM: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn whoever_moves_and_deletes_no_tag_leads_nowhere() {
    let Some(mut pair) = Pair::start().await else { return };
    let clients = pair.clients();
    let places: Vec<_> = clients.iter().map(|client| Repository { client, name: "alice.test/one" }).collect();
    moves(&places).await;
    for round in 0..ROUNDS {
        // In half of them nobody waits for anybody: what holds then holds without the cache.
        let wiped = round % 2 == 1;
        deletes(&pair, &places, wiped).await;
    }
    mounts(&clients).await;

    // One that dies in the middle of something keeps nobody waiting for long.
    let set = image(&["last"]);
    push(places[0], &set).await.unwrap();
    let manifest = &set.manifests[0];
    let endless = async {
        while places[0].put_manifest("last", manifest.media_type, manifest.bytes.clone()).await.is_ok() {}
    };
    let first = pair.servers.remove(0);
    let killer = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        first.kill();
    };
    futures::join!(endless, killer);
    let start = Instant::now();
    let put = places[1].put_manifest("last", manifest.media_type, manifest.bytes.clone()).await.unwrap();
    put.expect(&[201]).unwrap();
    assert!(start.elapsed() < TERM, "{:?}", start.elapsed());
    pair.servers.insert(0, Belvedere::start(&pair.options[0]).await);
    for place in &places {
        assert_eq!(pull(*place, "last").await.unwrap(), manifest.digest);
    }
}

/// A tag that is moved through both is always on one of the images, and both say on which.
async fn moves(places: &[Repository<'_>]) {
    let sets: Vec<_> = (0..4).map(|_| image(&["moving"])).collect();
    for set in &sets {
        push(places[0], set).await.unwrap();
    }
    let digests: BTreeSet<_> = sets.iter().map(|set| set.manifests[0].digest.clone()).collect();
    let movers = sets.iter().enumerate().map(|(n, set)| async move {
        let manifest = &set.manifests[0];
        for round in 0..ROUNDS {
            let place = places[(n + round) % 2];
            let put = place.put_manifest("moving", manifest.media_type, manifest.bytes.clone());
            put.await.unwrap().expect(&[201]).unwrap();
            assert!(digests_of(place).await.is_some_and(|digest| digest.starts_with("sha256:")));
        }
    });
    join_all(movers).await;
    let [one, other] = [pull(places[0], "moving").await.unwrap(), pull(places[1], "moving").await.unwrap()];
    assert_eq!(one, other);
    assert!(digests.contains(&one));
}

async fn digests_of(place: Repository<'_>) -> Option<String> {
    let answer = place.head("manifests/moving").await.unwrap().expect(&[200]).unwrap();
    answer.header("docker-content-digest").map(str::to_owned)
}

/// One deletes an image while the other gives it a tag: the tag went with it, or the image stayed.
async fn deletes(pair: &Pair, places: &[Repository<'_>], wiped: bool) {
    let set = image(&["here"]);
    push(places[0], &set).await.unwrap();
    let manifest = &set.manifests[0];
    let path = manifest.path();
    let puts = (0..4).map(|n| {
        let tag = format!("tag{n}");
        async move {
            let put =
                places[1].put_manifest(&tag, manifest.media_type, manifest.bytes.clone()).await.unwrap();
            put.expect(&[201, 400, 503]).unwrap();
        }
    });
    let flushes = async {
        for _ in 0..if wiped { 20 } else { 0 } {
            pair.flush_valkey().await;
        }
    };
    let (_, deleted, ()) = futures::join!(join_all(puts), places[0].delete(&path), flushes);
    deleted.unwrap().expect(&[202, 503]).unwrap();
    for tag in tags(places[1]).await.unwrap_or_default() {
        let whole = [pull(places[0], &tag).await, pull(places[1], &tag).await];
        assert!(whole.iter().all(Result::is_ok), "{tag} leads nowhere: {whole:?}");
    }
    push(places[0], &set).await.unwrap();
    let _ = places[0].delete(&path).await.unwrap();
}

/// What is mounted through both at once is there, and can be pulled through either.
async fn mounts(clients: &[registry_conformance::client::Client]) {
    let of = |n: usize, name| Repository { client: &clients[n], name };
    let sets: Vec<DataSet> = (0..ROUNDS).map(|n| image(&[&format!("m{n}")])).collect();
    for set in &sets {
        push(of(0, "alice.test/one"), set).await.unwrap();
    }
    let mounted = sets.iter().enumerate().map(|(n, set)| async move {
        for blob in &set.blobs {
            let query = format!("?mount={}&from=alice.test/one", blob.digest);
            let [one, other] = [of(n % 2, "alice.test/two"), of((n + 1) % 2, "alice.test/two")];
            let (one, other) =
                futures::join!(one.post(&query, Bytes::new()), other.post(&query, Bytes::new()));
            for answer in [one, other] {
                answer.unwrap().expect(&[201]).unwrap();
            }
        }
        push(of(n % 2, "alice.test/two"), set).await.unwrap();
        let manifest = &set.manifests[0];
        let pulled = pull(of((n + 1) % 2, "alice.test/two"), &manifest.tags[0]).await.unwrap();
        assert_eq!(pulled, manifest.digest);
    });
    join_all(mounted).await;
}
