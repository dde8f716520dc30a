//! Another process takes over.

use blobs::{Folder, Fsync, UploadError};
use oci::{Algorithm, Digest};

use crate::given::{MANY, append, begin, body, content, folder, get, sha256};

#[tokio::test]
async fn an_upload_goes_on() {
    for (algorithm, fsync) in [(Algorithm::Sha256, Fsync::Full), (Algorithm::Sha512, Fsync::Finish)] {
        let (dir, first) = folder();
        let whole = content(20, 900_000);
        let id = first.start(algorithm).await.unwrap();
        append(&first, id, &whole[..600_000]).await.unwrap();
        drop(first);
        let second = Folder::open(dir.path(), fsync).unwrap();
        assert_eq!(second.offset(id).await.unwrap(), 600_000);
        let refused = second.append(id, Some(0), MANY, body(&whole, 9000)).await;
        assert!(matches!(refused, Err(UploadError::Offset { at: 600_000 })));
        second.append(id, Some(600_000), MANY, body(&whole[600_000..], 9000)).await.unwrap();
        let digest = Digest::of(algorithm, &whole);
        second.finish(id, &digest).await.unwrap();
        assert_eq!(get(&second, &digest).await.unwrap(), whole);
    }
}

#[tokio::test]
async fn one_that_is_finished_at_once_is_read_again() {
    let (dir, first) = folder();
    let (right, wrong) = (begin(&first).await, begin(&first).await);
    append(&first, right, b"something").await.unwrap();
    append(&first, wrong, b"something").await.unwrap();
    let damaged = dir.path().join(format!("uploads/{wrong}"));
    std::fs::write(damaged, b"s0mething").unwrap();
    let second = Folder::open(dir.path(), Fsync::Finish).unwrap();
    let refused = second.finish(wrong, &sha256(b"something")).await;
    assert!(matches!(refused, Err(UploadError::Digest { .. })));
    assert_eq!(second.head(&sha256(b"something")).await.unwrap(), None);
    second.finish(right, &sha256(b"something")).await.unwrap();
}

#[tokio::test]
async fn a_file_that_changed_its_length_behind_us_is_read_again() {
    let (dir, folder) = folder();
    let id = begin(&folder).await;
    append(&folder, id, b"something").await.unwrap();
    std::fs::write(dir.path().join(format!("uploads/{id}")), b"some").unwrap();
    let refused = folder.finish(id, &sha256(b"something")).await;
    assert!(matches!(refused, Err(UploadError::Digest { found }) if found == sha256(b"some")));
    let gone = begin(&folder).await;
    std::fs::remove_file(dir.path().join(format!("uploads/{gone}"))).unwrap();
    assert!(matches!(append(&folder, gone, b"x").await, Err(UploadError::Unknown)));
}
