//! Many at once.

use std::time::{Duration, SystemTime};

use blobs::{Folder, Fsync, UploadError};
use futures::future::join_all;
use tempfile::TempDir;

use crate::given::{MANY, append, begin, body, content, get, put, sha256};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_blob_from_everywhere() {
    let dir = TempDir::new().unwrap();
    let folder = Folder::open(dir.path(), Fsync::Finish).unwrap();
    let whole = content(40, 700_000);
    let tasks = (0..12).map(|_| {
        let (folder, whole) = (folder.clone(), whole.clone());
        tokio::spawn(async move {
            let digest = put(&folder, &whole).await;
            assert_eq!(get(&folder, &digest).await.unwrap(), whole);
        })
    });
    for done in join_all(tasks).await {
        done.unwrap();
    }
    assert_eq!(dir.path().join("uploads").read_dir().unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_writers_to_one_upload_one_at_a_time_is_let_in() {
    let dir = TempDir::new().unwrap();
    let folder = Folder::open(dir.path(), Fsync::Off).unwrap();
    let (id, part) = (begin(&folder).await, content(41, 100_000));
    let tasks = (0..16).map(|_| {
        let (folder, part) = (folder.clone(), part.clone());
        tokio::spawn(async move { folder.append(id, None, MANY, body(&part, 1000)).await })
    });
    let mut written = 0;
    for outcome in join_all(tasks).await {
        match outcome.unwrap() {
            Ok(_) => written += 1,
            Err(error) => assert!(matches!(error, UploadError::Busy), "{error}"),
        }
    }
    assert!(written > 0);
    folder.finish(id, &sha256(&part.repeat(written))).await.unwrap();
}

/// A blob that was acknowledged after garbage was looked for is there, whoever sweeps meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_sent_while_it_is_swept_stays() {
    let dir = TempDir::new().unwrap();
    let folder = Folder::open(dir.path(), Fsync::Off).unwrap();
    for round in 0..40 {
        let digest = put(&folder, b"something").await;
        let hex = digest.to_string().replace("sha256:", "");
        let path = dir.path().join(format!("blobs/sha256/{}/{hex}", &hex[..2]));
        let hour_ago = SystemTime::now() - Duration::from_hours(1);
        std::fs::File::open(path).unwrap().set_modified(hour_ago).unwrap();
        let id = begin(&folder).await;
        append(&folder, id, b"something").await.unwrap();
        let before = hour_ago + Duration::from_mins(1);
        let (swept, sent) = tokio::join!(folder.sweep(&digest, before), folder.finish(id, &digest));
        swept.unwrap();
        sent.unwrap();
        assert_eq!(get(&folder, &digest).await.as_deref(), Some(&b"something"[..]), "round {round}");
    }
}
