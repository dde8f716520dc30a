//! Blobs that come in parts.

use std::time::Duration;

use atproto::Did;
use bytes::Bytes;
use futures::{StreamExt, stream};
use hold::{NamedPart, PartsError};
use oci::{Algorithm, Digest, UploadId};

use crate::rig::{Rig, captain, did, image, with};

type Piece = Result<Bytes, Box<dyn std::error::Error + Send + Sync>>;

fn body(content: &str) -> impl futures::Stream<Item = Piece> + use<> {
    let (first, second) = content.split_at(content.len() / 2);
    stream::iter([first, second].map(|piece| Ok(Bytes::from(piece.to_owned()))))
}

fn digest(content: &str) -> Digest {
    Digest::of(Algorithm::Sha256, content.as_bytes())
}

impl Rig {
    async fn begin(&self, expected: Option<&str>) -> UploadId {
        self.hold.begin_parts(&did("alice"), expected.map(digest)).await.unwrap()
    }

    async fn part(&self, id: UploadId, number: u32, content: &str) -> NamedPart {
        let digest = self.hold.send_part(id, &did("alice"), number, body(content)).await.unwrap();
        NamedPart { number, etag: digest.to_hex() }
    }

    async fn complete(&self, id: UploadId, content: &str, parts: &[NamedPart]) -> Result<u64, PartsError> {
        self.hold.complete_parts(id, &did("alice"), &digest(content), parts).await
    }

    async fn there(&self, content: &str) -> bool {
        self.hold.blobs().head(&digest(content)).await.unwrap().is_some()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn become_one_blob_in_whichever_order_they_come_and_leave_nothing_else() {
    with(captain(), "", async |rig| {
        let id = rig.begin(None).await;
        let third = rig.part(id, 7, "three").await;
        let first = rig.part(id, 1, "one").await;
        let second = rig.part(id, 2, "wrong").await;
        let again = rig.part(id, 2, "two").await;
        assert!(!rig.there("wrong").await, "what was replaced is gone");
        let parts = [first.clone(), again.clone(), third.clone()];
        for (wrong, name) in [
            (vec![], "none"),
            (vec![first.clone(), third.clone(), again.clone()], "not in order"),
            (vec![first.clone(), first.clone()], "twice"),
            (vec![first.clone(), second, third.clone()], "replaced"),
            (vec![first.clone(), NamedPart { number: 3, ..again.clone() }], "never sent"),
        ] {
            let refused = rig.complete(id, "onetwothree", &wrong).await;
            assert!(
                matches!(refused, Err(PartsError::Missing(_) | PartsError::NoParts)),
                "{name}: {refused:?}"
            );
        }
        assert_eq!(rig.complete(id, "onetwothree", &parts).await.unwrap(), 11);
        assert!(rig.there("onetwothree").await);
        for part in ["one", "two", "three"] {
            assert!(!rig.there(part).await, "{part}");
        }
        assert!(matches!(rig.complete(id, "onetwothree", &parts).await, Err(PartsError::Unknown)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_part_the_blob_is_there_already() {
    with(captain(), "", async |rig| {
        let id = rig.begin(Some("whole")).await;
        let part =
            NamedPart { etag: format!("\"{}\"", digest("whole").to_hex()), ..rig.part(id, 1, "whole").await };
        assert_eq!(rig.complete(id, "whole", &[part]).await.unwrap(), 5);
        assert!(rig.there("whole").await);
        let id = rig.begin(Some("")).await;
        let part = rig.part(id, 1, "").await;
        assert_eq!(rig.complete(id, "", &[part]).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_are_something_else_are_refused_and_gone() {
    with(captain(), "", async |rig| {
        for parts in [vec!["one"], vec!["one", "two"]] {
            let id = rig.begin(None).await;
            let mut named = Vec::new();
            for (number, part) in (1..).zip(&parts) {
                named.push(rig.part(id, number, part).await);
            }
            let refused = rig.complete(id, "other", &named).await;
            assert!(matches!(refused, Err(PartsError::Digest { .. })), "{refused:?}");
            assert!(!rig.there("other").await && !rig.there("one").await && !rig.there("two").await);
            assert!(matches!(rig.complete(id, "one", &named).await, Err(PartsError::Unknown)));
        }
        let id = rig.begin(Some("expected")).await;
        let part = rig.part(id, 1, "one").await;
        assert!(matches!(rig.complete(id, "one", &[part]).await, Err(PartsError::Other { .. })));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_here_or_is_needed_stays() {
    with(captain(), "", async |rig| {
        let (before, needed) = (rig.send("before").await, "needed");
        let id = rig.begin(None).await;
        rig.part(id, 1, "before").await;
        rig.part(id, 2, needed).await;
        rig.part(id, 3, "own").await;
        let mut layer = before.clone();
        (layer.digest, layer.size) = (digest(needed), 6);
        rig.hold.keep(image("bob", "app", "v1", &[&layer])).await.unwrap();
        let other = rig.begin(None).await;
        let shared = rig.part(other, 1, "own").await;
        rig.hold.abort_parts(id, &did("alice")).await.unwrap();
        assert!(rig.there("before").await && rig.there(needed).await && rig.there("own").await);
        assert_eq!(rig.complete(other, "own", &[shared]).await.unwrap(), 3);
        let last = rig.begin(None).await;
        rig.part(last, 1, "gone").await;
        rig.hold.abort_parts(last, &did("alice")).await.unwrap();
        assert!(!rig.there("gone").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn belong_to_who_began_and_end_when_nobody_goes_on() {
    with(captain(), "", async |rig| {
        let (id, bob): (_, Did) = (rig.begin(None).await, did("bob"));
        let part = rig.part(id, 1, "one").await;
        let unknown = |error| matches!(error, PartsError::Unknown);
        assert!(rig.hold.send_part(id, &bob, 1, body("x")).await.is_err_and(unknown));
        assert!(rig.hold.check_parts(id, &bob, 1).await.is_err_and(unknown));
        assert!(rig.hold.abort_parts(id, &bob).await.is_err_and(unknown));
        let named = std::slice::from_ref(&part);
        assert!(rig.hold.complete_parts(id, &bob, &digest("one"), named).await.is_err_and(unknown));
        for number in [0, 10_001] {
            let refused = rig.hold.send_part(id, &did("alice"), number, body("x")).await;
            assert!(matches!(refused, Err(PartsError::Number)));
            assert!(matches!(rig.hold.check_parts(id, &did("alice"), number).await, Err(PartsError::Number)));
        }
        assert_eq!(rig.hold.expire_parts(Duration::from_hours(1)).await.unwrap(), 0);
        assert_eq!(rig.hold.expire_parts(Duration::ZERO).await.unwrap(), 1);
        assert!(rig.complete(id, "one", named).await.is_err_and(unknown));
        let broken: [Piece; 2] = [Ok(Bytes::from("half")), Err("broke off".into())];
        let id = rig.begin(None).await;
        let refused = rig.hold.send_part(id, &did("alice"), 1, stream::iter(broken)).await;
        assert!(matches!(refused, Err(PartsError::Upload(_))), "{refused:?}");
        assert!(!rig.there("half").await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_opens_more_than_their_share() {
    with(captain(), "", async |rig| {
        for _ in 0..1000 {
            rig.begin(None).await;
        }
        let refused = rig.hold.begin_parts(&did("alice"), None).await;
        assert!(matches!(refused, Err(PartsError::TooMany)));
        rig.hold.begin_parts(&did("bob"), None).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_sender_who_goes_no_upload_stays_open() {
    with(captain(), "", async |rig| {
        let id = rig.begin(None).await;
        let alice = did("alice");
        let endless = stream::iter([Ok(Bytes::from_static(b"x"))]).chain(stream::pending::<Piece>());
        let part = rig.hold.send_part(id, &alice, 1, endless);
        assert!(tokio::time::timeout(Duration::from_millis(100), part).await.is_err());
        for _ in 0..200 {
            if rig.hold.blobs().open_uploads().await.unwrap() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("an upload that nobody goes on with is open");
    })
    .await;
}
