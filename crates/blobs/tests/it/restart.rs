//! Another process takes over.

use blobs::{BlobStore, Folder, Fsync, UploadError};
use oci::{Algorithm, Digest};

use crate::given::{MANY, append, begin, body, content, folder, get, sha256};
use crate::place::everywhere;

#[tokio::test]
async fn an_upload_goes_on() {
    everywhere(async |place| {
        for algorithm in Algorithm::ALL {
            let whole = content(20, 900_000);
            let id = place.store.start(algorithm).await.unwrap();
            append(&place.store, id, &whole[..600_000]).await.unwrap();
            let second = place.again().await;
            assert_eq!(second.offset(id).await.unwrap(), 600_000);
            let refused = second.append(id, Some(0), body(&whole, 9000), MANY).await;
            assert!(matches!(refused, Err(UploadError::Offset { at: 600_000 })));
            second.append(id, Some(600_000), body(&whole[600_000..], 9000), MANY).await.unwrap();
            let digest = Digest::of(algorithm, &whole);
            second.finish(id, &digest).await.unwrap();
            assert_eq!(get(&second, &digest).await.unwrap(), whole);
        }
    })
    .await;
}

#[tokio::test]
async fn one_that_is_finished_at_once_is_read_again() {
    everywhere(async |place| {
        let (right, wrong) = (begin(&place.store).await, begin(&place.store).await);
        append(&place.store, right, b"something").await.unwrap();
        append(&place.store, wrong, b"s0mething").await.unwrap();
        let second = place.again().await;
        let refused = second.finish(wrong, &sha256(b"something")).await;
        assert!(matches!(refused, Err(UploadError::Digest { .. })));
        assert_eq!(second.head(&sha256(b"something")).await.unwrap(), None);
        second.finish(right, &sha256(b"something")).await.unwrap();
        place.has_no_uploads().await;
    })
    .await;
}

#[tokio::test]
async fn a_part_of_a_file_that_is_made_durable_goes_on() {
    let (dir, first) = folder();
    let (id, whole) = (begin(&first).await, content(21, 900_000));
    append(&first, id, &whole[..600_000]).await.unwrap();
    let second = BlobStore::Folder(Folder::open(dir.path(), Fsync::Full).unwrap());
    append(&second, id, &whole[600_000..]).await.unwrap();
    second.finish(id, &sha256(&whole)).await.unwrap();
}

#[tokio::test]
async fn a_file_that_changed_its_length_behind_us_is_read_again() {
    let (dir, store) = folder();
    let id = begin(&store).await;
    append(&store, id, b"something").await.unwrap();
    std::fs::write(dir.path().join(format!("uploads/{id}")), b"some").unwrap();
    let refused = store.finish(id, &sha256(b"something")).await;
    assert!(matches!(refused, Err(UploadError::Digest { found }) if found == sha256(b"some")));
    let gone = begin(&store).await;
    std::fs::remove_file(dir.path().join(format!("uploads/{gone}"))).unwrap();
    assert!(matches!(append(&store, gone, b"x").await, Err(UploadError::Unknown)));
}
