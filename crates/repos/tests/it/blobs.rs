//! Blobs and the records that refer to them.

use std::time::Duration;

use atproto::Cid;
use repos::{Expected, Limits, Write};
use serde_json::json;

use crate::rig::{Rig, delete, fields, kind, note, on_each, rkey, schemas};

fn with_blob(key: &str, blob: &Cid) -> Write {
    let blob = json!({ "$type": "blob", "ref": { "$link": blob }, "mimeType": "text/plain", "size": 5 });
    let record = fields(&json!({ "in": [{ "deep": blob }] }));
    Write::Put { collection: note(), rkey: rkey(key), record, expected: Expected::Anything }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_is_kept_under_its_hash() {
    on_each(|rig| async move {
        let (alice, bob) = (rig.person("alice").await, rig.person("bob").await);
        let stored = rig.repos.upload_blob(&alice, "text/plain", "bytes".into()).await.unwrap();
        assert_eq!((stored.cid, stored.size), (Cid::raw_sha256(b"bytes"), 5));
        let found = rig.repos.blob(&alice, &stored.cid).await.unwrap().unwrap();
        assert_eq!((&*found.mime, &found.bytes[..]), ("text/plain", &b"bytes"[..]));
        assert_eq!(rig.repos.blob(&bob, &stored.cid).await.unwrap(), None, "it is alice's only");
        let refused = rig.repos.apply(&bob, vec![with_blob("a", &stored.cid)], None).await.unwrap_err();
        assert_eq!(kind(&refused), "blob");
        rig.repos.apply(&alice, vec![with_blob("a", &stored.cid)], None).await.unwrap();
        let large = vec![0; (8 << 20) + 1];
        assert_eq!(kind(&rig.repos.upload_blob(&alice, "a/b", large.into()).await.unwrap_err()), "large");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_that_no_record_has_goes_after_a_while() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let rig = Rig::with(store, Limits { unused_blob_age: Duration::ZERO, ..Limits::default() }).await;
        let did = rig.person("alice").await;
        let mut cids = Vec::new();
        for number in 0..3 {
            let stored = rig.repos.upload_blob(&did, "text/plain", number.to_string().into()).await.unwrap();
            cids.push(stored.cid);
        }
        let writes = vec![with_blob("a", &cids[0]), with_blob("b", &cids[0]), with_blob("c", &cids[1])];
        rig.repos.apply(&did, writes, None).await.unwrap();
        rig.repos.prune().await.unwrap();
        let there = async |cid: &Cid| rig.repos.blob(&did, cid).await.unwrap().is_some();
        assert_eq!(
            (there(&cids[0]).await, there(&cids[1]).await, there(&cids[2]).await),
            (true, true, false)
        );
        rig.repos.apply(&did, vec![delete("a"), delete("c")], None).await.unwrap();
        rig.repos.prune().await.unwrap();
        assert_eq!((there(&cids[0]).await, there(&cids[1]).await), (true, false), "b still has it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_is_not_swept_before_its_time() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let stored = rig.repos.upload_blob(&did, "text/plain", "bytes".into()).await.unwrap();
        rig.repos.prune().await.unwrap();
        assert!(rig.repos.blob(&did, &stored.cid).await.unwrap().is_some());
    })
    .await;
}
