//! What somebody who collects garbage needs.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use blobs::BlobStore;
use futures::TryStreamExt;
use oci::{Algorithm, Digest};

use crate::given::{append, begin, content, folder, put, sha256};
use crate::place::everywhere;

async fn all(store: &BlobStore) -> HashMap<Digest, u64> {
    let pages: Vec<_> = store.list().try_collect().await.unwrap();
    assert!(pages.iter().all(|page| !page.is_empty() && page.len() <= 1000));
    let entries: Vec<_> = pages.into_iter().flatten().collect();
    let soon = SystemTime::now() + Duration::from_mins(1);
    assert!(entries.iter().all(|entry| entry.modified < soon));
    let found: HashMap<_, _> = entries.iter().map(|entry| (entry.digest, entry.size)).collect();
    assert_eq!(found.len(), entries.len());
    found
}

#[tokio::test]
async fn every_blob_is_listed_once_and_nothing_else() {
    everywhere(async |place| {
        let store = &place.store;
        assert!(all(store).await.is_empty());
        let mut expected = HashMap::new();
        for size in 0..40 {
            let content = content(30, size);
            expected.insert(put(store, &content).await, size as u64);
        }
        let (id, long) = (begin(store).await, Digest::of(Algorithm::Sha512, b"long"));
        append(store, id, b"long").await.unwrap();
        store.finish(id, &long).await.unwrap();
        expected.insert(long, 4);
        let upload = begin(store).await;
        append(store, upload, b"under way").await.unwrap();
        let foreign = place.path(&sha256(b"never sent")).with_file_name("lost+found");
        std::fs::create_dir_all(foreign.parent().unwrap()).unwrap();
        std::fs::write(foreign, b"foreign").unwrap();
        assert_eq!(all(store).await, expected);
    })
    .await;
}

#[tokio::test]
async fn pages_have_an_end() {
    let (dir, store) = folder();
    std::fs::create_dir(dir.path().join("blobs/sha256/ab")).unwrap();
    for number in 0..2500 {
        std::fs::write(dir.path().join(format!("blobs/sha256/ab/ab{number:062x}")), b"x").unwrap();
    }
    assert_eq!(all(&store).await.len(), 2500);
}

#[tokio::test]
async fn what_was_sent_or_touched_since_is_not_swept() {
    everywhere(async |place| {
        let (store, digest) = (&place.store, sha256(b"something"));
        let now = SystemTime::now();
        let (before, old) = (now - Duration::from_hours(24), now - Duration::from_hours(25));
        assert_eq!(put(store, b"something").await, digest);
        place.age(&digest, old).await;
        assert!(all(store).await.contains_key(&digest));
        assert!(store.touch(&digest).await.unwrap());
        assert_eq!(store.sweep(&digest, before).await.unwrap(), None);
        let pages: Vec<_> = store.list().try_collect().await.unwrap();
        assert!(pages[0][0].modified > before, "a list says when it was touched");
        place.age(&digest, old).await;
        assert_eq!(put(store, b"something").await, digest);
        assert_eq!(store.sweep(&digest, before).await.unwrap(), None);
        place.age(&digest, old).await;
        // An upload whose last byte came long ago.
        assert!(store.delete(&digest).await.unwrap());
        let id = begin(store).await;
        append(store, id, b"something").await.unwrap();
        place.age_upload(id, old).await;
        store.finish(id, &digest).await.unwrap();
        assert_eq!(store.sweep(&digest, before).await.unwrap(), None);
        place.age(&digest, old).await;
        assert_eq!(store.sweep(&digest, before).await.unwrap(), Some(9));
        assert_eq!(store.head(&digest).await.unwrap(), None);
        assert!(!store.touch(&digest).await.unwrap());
    })
    .await;
}
