//! The index follows from the records, and can be lost.

use std::collections::BTreeMap;
use std::fs;

use registry_conformance::Repository;
use registry_conformance::client::Client;
use registry_conformance::content::{Algorithm, DataSet};
use testkit::Belvedere;

use crate::ours::{ALICE, Blobs, Registry};
use crate::stubborn::{pull, push, tags};

#[tokio::test(flavor = "multi_thread")]
async fn everything_pulls_after_the_index_was_lost() {
    let mut registry = Registry::start(&Blobs::Folder).await;
    let client = Client::new(&registry.target(ALICE)).unwrap();
    let repository = Repository { client: &client, name: "alice.test/one" };
    let sets: Vec<_> = DataSet::all(Algorithm::Sha256).into_iter().filter(is_kept_here).collect();
    for set in &sets {
        push(repository, set).await.unwrap();
    }
    let before = tags(repository).await.unwrap();
    let referred = sets.iter().flat_map(|set| &set.manifests).find_map(|one| one.subject()).unwrap();
    let referrers = format!("referrers/{referred}");
    let about = repository.get(&referrers).await.unwrap().expect(&[200]).unwrap().body;

    let ended = registry.server.terminate().await;
    assert!(ended.status.success(), "{:?}", ended.status);
    for end in ["", "-wal", "-shm"] {
        let file = registry.options.data_dir.join(format!("index.db{end}"));
        assert!(fs::remove_file(&file).is_ok() || !end.is_empty(), "{}", file.display());
    }
    registry.server = Belvedere::start(&registry.options).await;

    // The first question comes before the index is made anew: it waits.
    assert_eq!(tags(repository).await.unwrap(), before);
    let manifests = || sets.iter().flat_map(|set| &set.manifests);
    // A tag is where it was moved last.
    let tagged = manifests().flat_map(|one| one.tags.iter().map(|tag| (tag, &one.digest)));
    let named: BTreeMap<_, _> = manifests().map(|one| (&one.digest, &one.digest)).chain(tagged).collect();
    for (reference, digest) in named {
        assert_eq!(pull(repository, reference).await.unwrap(), *digest, "{reference}");
    }
    let answer = repository.get(&referrers).await.unwrap().expect(&[200]).unwrap();
    answer.expect_body(&about).unwrap();
}

/// Whether all of its layers are in the registry.
fn is_kept_here(set: &DataSet) -> bool {
    set.name != "layers kept elsewhere"
}
