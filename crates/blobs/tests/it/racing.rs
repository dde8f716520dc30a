//! Many at once.

use std::time::{Duration, SystemTime};

use blobs::{BlobStore, Folder, Fsync, UploadError};
use futures::future::join_all;
use tempfile::TempDir;

use crate::given::{MANY, append, begin, body, content, get, put, sha256};
use crate::place::everywhere;

async fn from_everywhere(store: &BlobStore, whole: &[u8]) {
    let tasks = (0..12).map(|_| {
        let (store, whole) = (store.clone(), whole.to_vec());
        tokio::spawn(async move {
            let digest = put(&store, &whole).await;
            assert_eq!(get(&store, &digest).await.unwrap(), whole);
        })
    });
    for done in join_all(tasks).await {
        done.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_blob_from_everywhere() {
    let whole = content(40, 700_000);
    everywhere(async |place| {
        from_everywhere(&place.store, &whole).await;
        place.has_no_uploads().await;
    })
    .await;
    let dir = TempDir::new().unwrap();
    let durable = Folder::open(dir.path(), Fsync::Finish).unwrap();
    from_everywhere(&BlobStore::Folder(durable), &whole).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_writers_to_one_upload_one_at_a_time_is_let_in() {
    everywhere(async |place| {
        let (store, part) = (&place.store, content(41, 100_000));
        let id = begin(store).await;
        let tasks = (0..16).map(|_| {
            let (store, part) = (store.clone(), part.clone());
            tokio::spawn(async move { store.append(id, None, body(&part, 1000), MANY).await })
        });
        let mut written = 0;
        for outcome in join_all(tasks).await {
            match outcome.unwrap() {
                Ok(_) => written += 1,
                Err(error) => assert!(matches!(error, UploadError::Busy), "{error}"),
            }
        }
        assert!(written > 0);
        store.finish(id, &sha256(&part.repeat(written))).await.unwrap();
    })
    .await;
}

/// A blob that was acknowledged after garbage was looked for is there, whoever sweeps meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_sent_or_touched_while_it_is_swept_stays() {
    everywhere(async |place| {
        let store = &place.store;
        for round in 0..8 {
            let digest = put(store, b"something").await;
            let hour_ago = SystemTime::now() - Duration::from_hours(1);
            place.age(&digest, hour_ago).await;
            let before = hour_ago + Duration::from_mins(1);
            let id = begin(store).await;
            append(store, id, b"something").await.unwrap();
            let (swept, sent) = tokio::join!(store.sweep(&digest, before), store.finish(id, &digest));
            swept.unwrap();
            sent.unwrap();
            assert_eq!(get(store, &digest).await.as_deref(), Some(&b"something"[..]), "round {round}");
            place.age(&digest, hour_ago).await;
            let (swept, touched) = tokio::join!(store.sweep(&digest, before), store.touch(&digest));
            assert_ne!(swept.unwrap().is_some(), touched.unwrap(), "round {round}");
        }
    })
    .await;
}
