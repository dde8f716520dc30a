//! What becomes of an upload.

use std::io;
use std::time::Duration;

use blobs::UploadError;
use bytes::Bytes;
use futures::{FutureExt, StreamExt, stream};
use oci::{Algorithm, Digest, UploadId};

use crate::given::{MANY, append, begin, body, content, folder, get, put, sha256};

#[tokio::test]
async fn parts_become_a_blob() {
    let (_dir, folder) = folder();
    let whole = content(1, 3_000_067);
    let (id, digest) = (begin(&folder).await, sha256(&whole));
    assert_eq!(folder.offset(id).await.unwrap(), 0);
    assert_eq!(folder.append(id, Some(0), MANY, body(&whole[..1024], 100)).await.unwrap(), 1024);
    assert_eq!(folder.append(id, Some(1024), MANY, body(&whole[1024..1024], 1)).await.unwrap(), 1024);
    assert_eq!(folder.append(id, Some(1024), MANY, body(&whole[1024..], 9_000)).await.unwrap(), 3_000_067);
    assert_eq!(folder.offset(id).await.unwrap(), 3_000_067);
    assert_eq!(folder.head(&digest).await.unwrap(), None);
    assert_eq!(folder.finish(id, &digest).await.unwrap(), 3_000_067);
    assert_eq!(folder.head(&digest).await.unwrap(), Some(3_000_067));
    assert_eq!(get(&folder, &digest).await.unwrap(), whole);
    assert!(matches!(folder.finish(id, &digest).await, Err(UploadError::Unknown)));
}

#[tokio::test]
async fn small_ones_and_other_algorithms() {
    let (_dir, folder) = folder();
    for small in [&b""[..], b"{}", &content(2, 2048)] {
        assert_eq!(get(&folder, &put(&folder, small).await).await.unwrap(), small);
        for (hint, wanted) in [
            (Algorithm::Sha512, Algorithm::Sha512),
            (Algorithm::Sha256, Algorithm::Sha512),
            (Algorithm::Sha512, Algorithm::Sha256),
        ] {
            let (id, digest) = (folder.start(hint).await.unwrap(), Digest::of(wanted, small));
            append(&folder, id, small).await.unwrap();
            folder.finish(id, &digest).await.unwrap();
            assert_eq!(get(&folder, &digest).await.unwrap(), small);
        }
    }
}

#[tokio::test]
async fn a_wrong_offset_changes_nothing() {
    let (_dir, folder) = folder();
    let whole = content(3, 3067);
    let id = begin(&folder).await;
    for at in [0_usize, 1024, 2048] {
        for wrong in [at + 1024, at.wrapping_sub(1)] {
            let refused = folder.append(id, Some(wrong as u64), MANY, body(&whole, 500)).await;
            assert!(matches!(refused, Err(UploadError::Offset { at: stands }) if stands == at as u64));
        }
        let part = &whole[at..(at + 1024).min(whole.len())];
        folder.append(id, Some(at as u64), MANY, body(part, 500)).await.unwrap();
    }
    assert_eq!(folder.finish(id, &sha256(&whole)).await.unwrap(), 3067);
}

#[tokio::test]
async fn a_wrong_digest_drops_it() {
    let (dir, folder) = folder();
    let (id, wrong) = (begin(&folder).await, sha256(b"something else"));
    append(&folder, id, b"something").await.unwrap();
    let refused = folder.finish(id, &wrong).await;
    assert!(matches!(refused, Err(UploadError::Digest { found }) if found == sha256(b"something")));
    assert!(matches!(folder.offset(id).await, Err(UploadError::Unknown)));
    assert_eq!(folder.head(&wrong).await.unwrap(), None);
    assert_eq!(dir.path().join("uploads").read_dir().unwrap().count(), 0);
}

#[tokio::test]
async fn more_than_is_allowed_is_not_kept() {
    let (_dir, folder) = folder();
    let (id, whole) = (begin(&folder).await, content(4, 2000));
    let refused = folder.append(id, None, 1500, body(&whole, 400)).await;
    assert!(matches!(refused, Err(UploadError::TooLarge { limit: 1500 })));
    assert_eq!(folder.offset(id).await.unwrap(), 1200);
    assert_eq!(folder.append(id, Some(1200), 1500, body(&whole[1200..1500], 300)).await.unwrap(), 1500);
    assert_eq!(folder.finish(id, &sha256(&whole[..1500])).await.unwrap(), 1500);
}

#[tokio::test]
async fn what_came_before_a_body_broke_off_is_kept() {
    let (_dir, folder) = folder();
    let (id, whole) = (begin(&folder).await, content(5, 1_500_000));
    let broken = body(&whole[..1_000_000], 70_000).chain(stream::iter([Err(io::Error::other("gone"))]));
    let refused = folder.append(id, None, MANY, broken).await;
    assert!(matches!(refused, Err(UploadError::Body(_))));
    assert_eq!(folder.offset(id).await.unwrap(), 1_000_000);
    folder.append(id, Some(1_000_000), MANY, body(&whole[1_000_000..], 70_000)).await.unwrap();
    folder.finish(id, &sha256(&whole)).await.unwrap();
}

#[tokio::test]
async fn what_came_before_a_request_was_dropped_is_kept() {
    let (_dir, folder) = folder();
    let whole = content(6, 1_500_000);
    for cut in [0, 1, 400_000, 1_000_000, 1_400_001] {
        let id = begin(&folder).await;
        let slow = body(&whole[..cut], 70_000).chain(stream::pending());
        let mut request = Box::pin(folder.append(id, Some(0), MANY, slow));
        // As far as it goes without waiting for the disk, and then once more.
        for _ in 0..2 {
            assert!(request.as_mut().now_or_never().is_none());
        }
        let second = append(&folder, id, b"x").await;
        assert!(matches!(second, Err(UploadError::Busy)), "{second:?}");
        assert!(matches!(folder.finish(id, &sha256(b"")).await, Err(UploadError::Busy)));
        assert!(matches!(folder.cancel(id).await, Err(UploadError::Busy)));
        assert_eq!(folder.expire(Duration::ZERO).await.unwrap(), 0);
        drop(request);
        // Whoever comes back waits for what was left, and is told the truth.
        let Err(UploadError::Offset { at }) = folder.append(id, Some(MANY), MANY, body(b"", 1)).await else {
            panic!("the offset is not that")
        };
        assert!(at <= cut as u64 && (cut > 500_000 || at == cut as u64), "{at} of {cut}");
        let rest = &whole[usize::try_from(at).unwrap()..];
        folder.append(id, Some(at), MANY, body(rest, 70_000)).await.unwrap();
        folder.finish(id, &sha256(&whole)).await.unwrap();
    }
}

#[tokio::test]
async fn cancelled_and_unknown_ones_are_unknown() {
    let (_dir, folder) = folder();
    let cancelled = begin(&folder).await;
    append(&folder, cancelled, b"something").await.unwrap();
    folder.cancel(cancelled).await.unwrap();
    let never: UploadId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
    for id in [cancelled, never] {
        assert!(matches!(folder.offset(id).await, Err(UploadError::Unknown)));
        assert!(matches!(append(&folder, id, b"x").await, Err(UploadError::Unknown)));
        assert!(matches!(folder.finish(id, &sha256(b"")).await, Err(UploadError::Unknown)));
        assert!(matches!(folder.cancel(id).await, Err(UploadError::Unknown)));
    }
}

#[tokio::test]
async fn those_that_nobody_goes_on_with_expire() {
    let (dir, folder) = folder();
    let (old, young) = (begin(&folder).await, begin(&folder).await);
    append(&folder, old, b"something").await.unwrap();
    let file = std::fs::File::open(dir.path().join(format!("uploads/{old}"))).unwrap();
    file.set_modified(std::time::SystemTime::now() - Duration::from_hours(25)).unwrap();
    assert_eq!(folder.expire(Duration::from_hours(26)).await.unwrap(), 0);
    assert_eq!(folder.expire(Duration::from_hours(24)).await.unwrap(), 1);
    assert!(matches!(folder.offset(old).await, Err(UploadError::Unknown)));
    assert_eq!(folder.offset(young).await.unwrap(), 0);
}

#[tokio::test]
async fn tiny_pieces_and_one_huge_piece() {
    let (_dir, folder) = folder();
    let whole = content(7, 700_000);
    let id = begin(&folder).await;
    folder.append(id, None, MANY, body(&whole, 1)).await.unwrap();
    folder.finish(id, &sha256(&whole)).await.unwrap();
    let huge = content(8, 5_000_000);
    let id = begin(&folder).await;
    let once = stream::iter([Ok::<_, io::Error>(Bytes::from(huge.clone()))]);
    folder.append(id, None, MANY, once).await.unwrap();
    folder.finish(id, &sha256(&huge)).await.unwrap();
}
