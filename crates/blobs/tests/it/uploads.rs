//! What becomes of an upload.

use std::io;
use std::time::{Duration, SystemTime};

use blobs::{Sender, UploadError};
use bytes::Bytes;
use futures::{FutureExt, StreamExt, stream};
use oci::{Algorithm, Digest, UploadId};

use crate::given::{MANY, append, begin, body, content, get, put, sha256};
use crate::place::everywhere;

#[tokio::test]
async fn parts_become_a_blob() {
    everywhere(async |place| {
        let store = &place.store;
        let whole = content(1, 3_000_067);
        let (id, digest) = (begin(store).await, sha256(&whole));
        assert_eq!(store.offset(id).await.unwrap(), 0);
        assert_eq!(store.append(id, Some(0), body(&whole[..1024], 100), MANY).await.unwrap(), 1024);
        assert_eq!(store.append(id, Some(1024), body(&whole[1024..1024], 1), MANY).await.unwrap(), 1024);
        assert_eq!(store.append(id, Some(1024), body(&whole[1024..], 9_000), MANY).await.unwrap(), 3_000_067);
        assert_eq!(store.offset(id).await.unwrap(), 3_000_067);
        assert_eq!(store.head(&digest).await.unwrap(), None);
        assert_eq!(store.finish(id, &digest).await.unwrap(), 3_000_067);
        assert_eq!(store.head(&digest).await.unwrap(), Some(3_000_067));
        assert_eq!(get(store, &digest).await.unwrap(), whole);
        assert!(matches!(store.finish(id, &digest).await, Err(UploadError::Unknown)));
    })
    .await;
}

#[tokio::test]
async fn the_last_piece_completes_it() {
    everywhere(async |place| {
        let store = &place.store;
        for (first, all) in [(0, 0), (0, 2048), (1024, 1024), (1000, 3_000_067)] {
            let whole = content(7, all);
            for digest in [sha256(&whole), Digest::of(Algorithm::Sha512, &whole)] {
                let id = begin(store).await;
                append(store, id, &whole[..first]).await.unwrap();
                let rest = || body(&whole[first..], 9_000);
                let misplaced = store.complete(id, Some(all as u64 + 1), rest(), MANY, &digest).await;
                assert!(matches!(misplaced, Err(UploadError::Offset { at }) if at == first as u64));
                let size = store.complete(id, Some(first as u64), rest(), MANY, &digest).await.unwrap();
                assert_eq!((size, get(store, &digest).await.unwrap()), (all as u64, whole.clone()));
                assert!(matches!(store.offset(id).await, Err(UploadError::Unknown)));
            }
        }
        place.has_no_uploads().await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_completed_is_kept_or_dropped() {
    everywhere(async |place| {
        let store = &place.store;
        let (id, whole) = (begin(store).await, content(8, 100_000));
        let digest = sha256(&whole);
        let broken = body(&whole[..60_000], 7_000).chain(stream::iter([Err(io::Error::other("gone"))]));
        let refused = store.complete(id, None, broken, MANY, &digest).await;
        assert!(matches!(refused, Err(UploadError::Body(_))));
        assert_eq!(store.offset(id).await.unwrap(), 60_000);
        let refused = store.complete(id, None, body(&whole[60_000..], 10_000), 90_000, &digest).await;
        assert!(matches!(refused, Err(UploadError::TooLarge { .. })));
        assert_eq!(store.offset(id).await.unwrap(), 90_000);
        let rest = body(&whole[90_000..], 10_000);
        assert_eq!(store.complete(id, Some(90_000), rest, MANY, &digest).await.unwrap(), 100_000);
        let (id, wrong) = (begin(store).await, sha256(b"something else"));
        let refused = store.complete(id, None, body(b"something", 9), MANY, &wrong).await;
        assert!(matches!(refused, Err(UploadError::Digest { found }) if found == sha256(b"something")));
        assert_eq!(store.head(&wrong).await.unwrap(), None);
        place.has_no_uploads().await;
    })
    .await;
}

#[tokio::test]
async fn small_ones_and_other_algorithms() {
    everywhere(async |place| {
        let store = &place.store;
        for small in [&b""[..], b"{}", &content(2, 2048)] {
            assert_eq!(get(store, &put(store, small).await).await.unwrap(), small);
            for (hint, wanted) in [
                (Algorithm::Sha512, Algorithm::Sha512),
                (Algorithm::Sha256, Algorithm::Sha512),
                (Algorithm::Sha512, Algorithm::Sha256),
            ] {
                let (id, digest) = (store.start(hint).await.unwrap(), Digest::of(wanted, small));
                append(store, id, small).await.unwrap();
                store.finish(id, &digest).await.unwrap();
                assert_eq!(get(store, &digest).await.unwrap(), small);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_wrong_offset_changes_nothing() {
    everywhere(async |place| {
        let store = &place.store;
        let whole = content(3, 3067);
        let id = begin(store).await;
        for at in [0_usize, 1024, 2048] {
            for wrong in [at + 1024, at.wrapping_sub(1)] {
                let refused = store.append(id, Some(wrong as u64), body(&whole, 500), MANY).await;
                assert!(matches!(refused, Err(UploadError::Offset { at: stands }) if stands == at as u64));
            }
            let part = &whole[at..(at + 1024).min(whole.len())];
            store.append(id, Some(at as u64), body(part, 500), MANY).await.unwrap();
        }
        assert_eq!(store.finish(id, &sha256(&whole)).await.unwrap(), 3067);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_digest_drops_it() {
    everywhere(async |place| {
        let store = &place.store;
        let (id, wrong) = (begin(store).await, sha256(b"something else"));
        append(store, id, b"something").await.unwrap();
        let refused = store.finish(id, &wrong).await;
        assert!(matches!(refused, Err(UploadError::Digest { found }) if found == sha256(b"something")));
        assert!(matches!(store.offset(id).await, Err(UploadError::Unknown)));
        assert_eq!(store.head(&wrong).await.unwrap(), None);
        place.has_no_uploads().await;
    })
    .await;
}

#[tokio::test]
async fn more_than_is_allowed_is_not_kept() {
    everywhere(async |place| {
        let store = &place.store;
        let (id, whole) = (begin(store).await, content(4, 2000));
        let refused = store.append(id, None, body(&whole, 400), 1500).await;
        assert!(matches!(refused, Err(UploadError::TooLarge { limit: 1500 })));
        assert_eq!(store.offset(id).await.unwrap(), 1200);
        assert_eq!(store.append(id, Some(1200), body(&whole[1200..1500], 300), 1500).await.unwrap(), 1500);
        assert_eq!(store.finish(id, &sha256(&whole[..1500])).await.unwrap(), 1500);
    })
    .await;
}

#[tokio::test]
async fn what_came_before_a_body_broke_off_is_kept() {
    everywhere(async |place| {
        let store = &place.store;
        let (id, whole) = (begin(store).await, content(5, 1_500_000));
        let broken = body(&whole[..1_000_000], 70_000).chain(stream::iter([Err(io::Error::other("gone"))]));
        let refused = store.append(id, None, broken, MANY).await;
        assert!(matches!(refused, Err(UploadError::Body(_))));
        assert_eq!(store.offset(id).await.unwrap(), 1_000_000);
        store.append(id, Some(1_000_000), body(&whole[1_000_000..], 70_000), MANY).await.unwrap();
        store.finish(id, &sha256(&whole)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_came_before_a_request_was_dropped_is_kept() {
    everywhere(async |place| {
        let store = &place.store;
        let whole = content(6, 1_500_000);
        for cut in [0, 1, 400_000, 1_000_000, 1_400_001] {
            let id = begin(store).await;
            let slow = body(&whole[..cut], 70_000).chain(stream::pending());
            let mut request = Box::pin(store.append(id, Some(0), slow, MANY));
            // Until it has the upload, and then as far as it goes without waiting.
            let second = loop {
                assert!(request.as_mut().now_or_never().is_none());
                match append(store, id, b"").await {
                    Ok(_) => tokio::task::yield_now().await,
                    Err(error) => break error,
                }
            };
            assert!(matches!(second, UploadError::Busy), "{second}");
            assert!(request.as_mut().now_or_never().is_none());
            assert!(matches!(store.finish(id, &sha256(b"")).await, Err(UploadError::Busy)));
            assert!(matches!(store.cancel(id).await, Err(UploadError::Busy)));
            assert_eq!(store.expire(Duration::ZERO).await.unwrap(), 0);
            drop(request);
            // Whoever comes back waits for what was left, and is told the truth.
            let Err(UploadError::Offset { at }) = store.append(id, Some(MANY), body(b"", 1), MANY).await
            else {
                panic!("the offset is not that")
            };
            assert!(at <= cut as u64, "{at} of {cut}");
            let rest = &whole[usize::try_from(at).unwrap()..];
            store.append(id, Some(at), body(rest, 70_000), MANY).await.unwrap();
            store.finish(id, &sha256(&whole)).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn cancelled_and_unknown_ones_are_unknown() {
    everywhere(async |place| {
        let store = &place.store;
        let cancelled = begin(store).await;
        append(store, cancelled, b"something").await.unwrap();
        store.cancel(cancelled).await.unwrap();
        let never: UploadId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        for id in [cancelled, never] {
            assert!(matches!(store.offset(id).await, Err(UploadError::Unknown)));
            assert!(matches!(append(store, id, b"x").await, Err(UploadError::Unknown)));
            assert!(matches!(store.finish(id, &sha256(b"")).await, Err(UploadError::Unknown)));
            assert!(matches!(store.cancel(id).await, Err(UploadError::Unknown)));
        }
    })
    .await;
}

#[tokio::test]
async fn those_that_nobody_goes_on_with_expire() {
    everywhere(async |place| {
        let store = &place.store;
        let (old, young) = (begin(store).await, begin(store).await);
        append(store, old, b"something").await.unwrap();
        place.age_upload(old, SystemTime::now() - Duration::from_hours(25)).await;
        assert_eq!(store.expire(Duration::from_hours(26)).await.unwrap(), 0);
        assert_eq!(store.expire(Duration::from_hours(24)).await.unwrap(), 1);
        assert!(matches!(store.offset(old).await, Err(UploadError::Unknown)));
        assert_eq!(store.offset(young).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn tiny_pieces_and_one_huge_piece() {
    everywhere(async |place| {
        let store = &place.store;
        let whole = content(7, 90_000);
        let id = begin(store).await;
        store.append(id, None, body(&whole, 1), MANY).await.unwrap();
        store.finish(id, &sha256(&whole)).await.unwrap();
        let huge = content(8, 5_000_000);
        let id = begin(store).await;
        let once = stream::iter([Ok::<_, io::Error>(Bytes::from(huge.clone()))]);
        store.append(id, None, once, MANY).await.unwrap();
        store.finish(id, &sha256(&huge)).await.unwrap();
    })
    .await;
}

/// As many as one sender may have open.
const SHARE: usize = 1000;

#[tokio::test]
async fn nobody_has_all_that_may_be_open() {
    everywhere(async |place| {
        let store = &place.store;
        let (one, other) = (Sender([1, 2, 3, 4]), Sender([1, 2, 3, 5]));
        let begin = |sender| store.start_for(Algorithm::Sha256, sender);
        let mut ids = Vec::new();
        for _ in 0..SHARE {
            ids.push(begin(one).await.unwrap());
        }
        assert!(matches!(begin(one).await, Err(UploadError::TooMany)));
        // Another process knows it, too.
        let again = place.again().await;
        assert!(matches!(again.start_for(Algorithm::Sha256, one).await, Err(UploadError::TooMany)));
        begin(other).await.unwrap();
        store.start(Algorithm::Sha256).await.unwrap();
        store.cancel(ids[0]).await.unwrap();
        begin(one).await.unwrap();
        assert!(matches!(begin(one).await, Err(UploadError::TooMany)));
    })
    .await;
}
