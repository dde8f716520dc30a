//! Garbage collection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt;
use hold::{Collected, Error, Sweep};
use oci::Digest;

use crate::rig::{captain, did, image, with};

const NOTHING: Duration = Duration::ZERO;

#[tokio::test(flavor = "multi_thread")]
async fn takes_what_no_image_needs_and_nothing_else() {
    with(captain(), "", async |rig| {
        let (kept, garbage) = (rig.send("kept").await, rig.send("garbage").await);
        rig.hold.keep(image("alice", "app", "v1", &[&kept])).await.unwrap();
        let mut removed = Vec::new();
        let mut told = |_: &Collected, gone: Vec<Digest>| {
            removed.extend(gone);
            async { Ok(()) }.boxed()
        };
        let young = rig.hold.collect(Duration::from_hours(1), Sweep::Remove, &mut told).await.unwrap();
        assert_eq!((young.blobs, young.bytes, young.garbage, young.young), (2, 11, 0, 1));
        let dry = rig.hold.collect(NOTHING, Sweep::DryRun, &mut told).await.unwrap();
        assert_eq!((dry.garbage, dry.freed), (1, 7));
        assert!(rig.has(&garbage).await);
        let wet = rig.hold.collect(NOTHING, Sweep::Remove, &mut told).await.unwrap();
        assert_eq!(wet, dry);
        assert!(!rig.has(&garbage).await && rig.has(&kept).await);
        rig.hold.release(&did("alice"), "app", &Digest::of(oci::Algorithm::Sha256, b"v1")).await.unwrap();
        rig.hold.collect(NOTHING, Sweep::Remove, &mut told).await.unwrap();
        assert!(!rig.has(&kept).await);
        assert_eq!(removed, [garbage.digest, kept.digest]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn never_takes_what_somebody_is_just_about_to_need() {
    with(captain(), "", async |rig| {
        let rig = Arc::new(rig);
        let done = Arc::new(AtomicBool::new(false));
        let collecting = tokio::spawn({
            let (rig, done) = (Arc::clone(&rig), Arc::clone(&done));
            async move {
                while !done.load(Ordering::Relaxed) {
                    rig.hold.collect(NOTHING, Sweep::Remove, |_, _| async { Ok(()) }.boxed()).await.unwrap();
                }
            }
        });
        for number in 0..60 {
            let layer = rig.send(&format!("layer {number}")).await;
            // It may be gone before anybody has said that it is needed; then whoever needs it is told, and sends it again.
            match rig.hold.keep(image("alice", "app", &number.to_string(), &[&layer])).await {
                Ok(_) => assert!(rig.has(&layer).await, "{number} was kept, and is gone"),
                Err(error) => assert!(matches!(error, Error::Missing(_)), "{error}"),
            }
        }
        done.store(true, Ordering::Relaxed);
        collecting.await.unwrap();
        rig.hold.collect(NOTHING, Sweep::Remove, |_, _| async { Ok(()) }.boxed()).await.unwrap();
        let usage = rig.hold.usage(&did("alice")).await.unwrap();
        let left = rig.hold.collect(NOTHING, Sweep::DryRun, |_, _| async { Ok(()) }.boxed()).await.unwrap();
        assert_eq!((left.blobs, left.garbage), (usage.blobs, 0));
    })
    .await;
}
