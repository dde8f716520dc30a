//! What only a bucket has: parts, URLs, other processes, and a service that may be away.

use std::time::{Duration, SystemTime};

use blobs::{BlobStore, Sizes, UploadError, Wanted};
use bytes::Bytes;
use futures::future::join_all;
use futures::{StreamExt, stream};
use oci::{Algorithm, Digest};
use reqwest::{Client, StatusCode};
use store::v;

use crate::given::{MANY, append, begin, body, content, get, put, sha256};
use crate::place::{Place, SIZES, in_buckets};

const MIB: usize = 1 << 20;

/// Two parts and what is behind them, sent in `pieces` requests.
async fn send_long(store: &BlobStore, pieces: &[usize]) -> (Digest, Vec<u8>) {
    let whole = content(60, 13 * MIB + 67);
    let (id, digest, mut at) = (begin(store).await, sha256(&whole), 0);
    for end in pieces.iter().copied().chain([whole.len()]) {
        let part = body(&whole[at..end], 300_000);
        assert_eq!(store.append(id, Some(at as u64), part, MANY).await.unwrap(), end as u64);
        at = end;
    }
    assert_eq!(store.finish(id, &digest).await.unwrap(), whole.len() as u64);
    (digest, whole)
}

#[tokio::test]
async fn long_blobs_are_sent_in_parts_and_copied_in_pieces() {
    let each = [(SIZES.copy, vec![1, 6 * MIB, 7 * MIB]), (6 << 20, vec![10 * MIB])];
    for (copy, pieces) in each {
        in_buckets(Sizes { copy, ..SIZES }, async |place| {
            let (digest, whole) = send_long(&place.store, &pieces).await;
            assert_eq!(get(&place.store, &digest).await.unwrap(), whole);
            place.has_no_uploads().await;
        })
        .await;
    }
}

#[tokio::test]
async fn another_process_goes_on_with_parts_and_reads_them_again() {
    in_buckets(SIZES, async |place| {
        let (whole, other) = (content(61, 12 * MIB), place.again().await);
        for (said, is_right) in [(sha256(&whole), true), (sha256(b"else"), false)] {
            let id = begin(&place.store).await;
            append(&place.store, id, &whole[..7 * MIB]).await.unwrap();
            append(&other, id, &whole[7 * MIB..]).await.unwrap();
            // What the first one knows of it is not all that there is.
            let outcome = if is_right { &other } else { &place.store }.finish(id, &said).await;
            match outcome {
                Ok(size) => assert!(is_right && size == whole.len() as u64),
                Err(UploadError::Digest { found }) => assert!(!is_right && found == sha256(&whole)),
                Err(error) => panic!("{error}"),
            }
            place.has_no_uploads().await;
        }
        assert_eq!(get(&place.store, &sha256(&whole)).await.unwrap(), whole);
        let long = Digest::of(Algorithm::Sha512, &whole);
        let id = begin(&place.store).await;
        append(&place.store, id, &whole).await.unwrap();
        place.store.finish(id, &long).await.unwrap();
        assert_eq!(get(&other, &long).await.unwrap(), whole);
    })
    .await;
}

#[tokio::test]
async fn other_processes_are_kept_out_until_one_has_died() {
    in_buckets(SIZES, async |place| {
        let (rows, id) = (&place.bucket.as_ref().unwrap().rows.state, begin(&place.store).await);
        let held_until = |at: i64| {
            rows.write(move |c| {
                c.execute("UPDATE blob_uploads SET holder = 'dead', held_until = $1", &[v(at)])
            })
        };
        held_until(i64::MAX).await.unwrap();
        assert!(matches!(append(&place.store, id, b"x").await, Err(UploadError::Busy)));
        assert!(matches!(place.store.finish(id, &sha256(b"")).await, Err(UploadError::Busy)));
        assert_eq!(place.store.expire(Duration::ZERO).await.unwrap(), 0);
        held_until(1).await.unwrap();
        append(&place.store, id, b"x").await.unwrap();
        place.store.finish(id, &sha256(b"x")).await.unwrap();
    })
    .await;
}

/// Four senders that have stopped have all the memory that there is, and two want some.
#[tokio::test]
async fn slow_senders_let_others_have_the_memory() {
    in_buckets(SIZES, async |place| {
        let whole = content(62, 6 * MIB);
        let digest = sha256(&whole);
        let mut slow = Vec::new();
        for _ in 0..4 {
            let (store, id, never) =
                (place.store.clone(), begin(&place.store).await, body(&whole[..MIB], 70_000));
            let request = async move { store.append(id, None, never.chain(stream::pending()), MANY).await };
            slow.push((id, tokio::spawn(request)));
        }
        let quick = join_all((0..2).map(|_| put(&place.store, &whole)));
        assert_eq!(quick.await, [digest, digest]);
        for (id, request) in slow {
            request.abort();
            _ = request.await;
            let rest = place.store.append(id, Some(MIB as u64), body(&whole[MIB..], 70_000), MANY).await;
            assert_eq!(rest.unwrap(), whole.len() as u64);
            place.store.finish(id, &digest).await.unwrap();
        }
        place.has_no_uploads().await;
    })
    .await;
}

#[tokio::test]
async fn a_signed_url_is_of_that_blob_and_for_a_while() {
    in_buckets(SIZES, async |place| {
        let (digest, client) = (put(&place.store, b"something").await, Client::new());
        let quarter = Duration::from_mins(15);
        let url = place.store.presign(&digest, Wanted::Get, quarter).await.unwrap().unwrap();
        let read = client.get(url.clone()).send().await.unwrap();
        assert_eq!((read.status(), read.bytes().await.unwrap()), (StatusCode::OK, Bytes::from("something")));
        let range = client.get(url.clone()).header("range", "bytes=4-6").send().await.unwrap();
        assert_eq!(range.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(range.bytes().await.unwrap(), "thi");
        let head = place.store.presign(&digest, Wanted::Head, quarter).await.unwrap().unwrap();
        let head = client.head(head).send().await.unwrap();
        assert_eq!(
            (head.status(), &head.headers()["content-length"]),
            (StatusCode::OK, &"9".parse().unwrap())
        );
        let other = url.as_str().replace(&digest.to_hex(), &sha256(b"else").to_hex());
        assert_eq!(client.get(other).send().await.unwrap().status(), StatusCode::FORBIDDEN);
        assert_eq!(client.put(url).body("else").send().await.unwrap().status(), StatusCode::FORBIDDEN);
    })
    .await;
    let folder = Place::folder();
    let digest = put(&folder.store, b"something").await;
    let none = folder.store.presign(&digest, Wanted::Get, Duration::from_mins(15)).await;
    assert_eq!(none.unwrap(), None);
}

#[tokio::test]
async fn a_service_that_is_away_loses_nothing_and_its_secret_stays() {
    in_buckets(SIZES, async |place| {
        let (digest, id) = (put(&place.store, b"something").await, begin(&place.store).await);
        append(&place.store, id, b"some").await.unwrap();
        place.bucket.as_ref().unwrap().service.stop();
        let refused = append(&place.store, id, b"thing").await.unwrap_err();
        assert!(matches!(&refused, UploadError::Storage(error) if !error.is_full()), "{refused}");
        assert!(!format!("{refused:?} {refused}").contains("secret"));
        assert_eq!(place.store.offset(id).await.unwrap(), 4);
        let error = place.store.head(&digest).await.unwrap_err();
        assert!(error.advice().contains("check that the service"), "{error}: {}", error.advice());
        place.store.finish(id, &sha256(b"some")).await.unwrap_err();
        assert_eq!(place.store.offset(id).await.unwrap(), 4);
    })
    .await;
}

#[tokio::test]
async fn what_nobody_knows_of_is_removed() {
    in_buckets(SIZES, async |place| {
        let (kept, lost) = (begin(&place.store).await, begin(&place.store).await);
        for id in [kept, lost] {
            append(&place.store, id, b"something").await.unwrap();
        }
        let rows = &place.bucket.as_ref().unwrap().rows.state;
        let name = lost.to_string();
        let forget =
            move |c: &mut store::Conn<'_>| c.execute("DELETE FROM blob_uploads WHERE id = $1", &[v(&name)]);
        rows.write(forget).await.unwrap();
        let object = |id| {
            let mut files = place.dir.path().join(format!("registry/uploads/{id}")).read_dir().unwrap();
            files.next().map(|file| file.unwrap().path())
        };
        let objects = [kept, lost].map(|id| object(id).unwrap());
        assert_eq!(place.store.expire(Duration::from_hours(1)).await.unwrap(), 0);
        assert!(objects[1].exists(), "somebody may be making its row");
        for object in &objects {
            let file = std::fs::File::open(object).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_hours(2)).unwrap();
        }
        assert_eq!(place.store.expire(Duration::from_hours(1)).await.unwrap(), 0);
        assert!(!objects[1].exists() && objects[0].exists());
        place.store.finish(kept, &sha256(b"something")).await.unwrap();
    })
    .await;
}
