//! What somebody who collects garbage needs.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use blobs::Folder;
use futures::TryStreamExt;
use oci::{Algorithm, Digest};

use crate::given::{append, begin, content, folder, put, sha256};

async fn all(folder: &Folder) -> HashMap<Digest, u64> {
    let pages: Vec<_> = folder.list().try_collect().await.unwrap();
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
    let (dir, folder) = folder();
    assert!(all(&folder).await.is_empty());
    let mut expected = HashMap::new();
    for size in 0..300 {
        let content = content(30, size);
        expected.insert(put(&folder, &content).await, size as u64);
    }
    let (id, long) = (begin(&folder).await, Digest::of(Algorithm::Sha512, b"long"));
    append(&folder, id, b"long").await.unwrap();
    folder.finish(id, &long).await.unwrap();
    expected.insert(long, 4);
    let upload = begin(&folder).await;
    append(&folder, upload, b"under way").await.unwrap();
    std::fs::create_dir_all(dir.path().join("blobs/sha256/00")).unwrap();
    std::fs::write(dir.path().join("blobs/sha256/00/lost+found"), b"foreign").unwrap();
    assert_eq!(all(&folder).await, expected);
}

#[tokio::test]
async fn pages_have_an_end() {
    let (dir, folder) = folder();
    std::fs::create_dir(dir.path().join("blobs/sha256/ab")).unwrap();
    for number in 0..2500 {
        std::fs::write(dir.path().join(format!("blobs/sha256/ab/ab{number:062x}")), b"x").unwrap();
    }
    assert_eq!(all(&folder).await.len(), 2500);
}

#[tokio::test]
async fn what_was_sent_or_touched_since_is_not_swept() {
    let (dir, folder) = folder();
    let digest = put(&folder, b"something").await;
    let hex = digest.to_string().replace("sha256:", "");
    let path = dir.path().join(format!("blobs/sha256/{}/{hex}", &hex[..2]));
    let now = SystemTime::now();
    let (before, old) = (now - Duration::from_hours(24), now - Duration::from_hours(25));
    let age = || std::fs::File::open(&path).unwrap().set_modified(old).unwrap();
    age();
    assert!(folder.touch(&digest).await.unwrap());
    assert_eq!(folder.sweep(&digest, before).await.unwrap(), None);
    age();
    assert_eq!(put(&folder, b"something").await, digest);
    assert_eq!(folder.sweep(&digest, before).await.unwrap(), None);
    age();
    // An upload whose last byte came long ago.
    assert!(folder.delete(&digest).await.unwrap());
    let id = begin(&folder).await;
    append(&folder, id, b"something").await.unwrap();
    std::fs::File::open(dir.path().join(format!("uploads/{id}"))).unwrap().set_modified(old).unwrap();
    folder.finish(id, &sha256(b"something")).await.unwrap();
    assert_eq!(folder.sweep(&digest, before).await.unwrap(), None);
    age();
    assert_eq!(folder.sweep(&digest, before).await.unwrap(), Some(9));
    assert_eq!(folder.head(&digest).await.unwrap(), None);
}
