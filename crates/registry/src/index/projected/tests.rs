//! An index that is older than the registry.

use std::ops::Bound;
use std::sync::Arc;

use atproto::{Cid, Did, Nsid, RecordKey, Tid};
use oci::{Algorithm, Digest, Reference, Tag};
use records::Along;
use remote::{Found, Part};
use serde_json::{Value, json};

use super::*;
use crate::{Repository, lexicon};

/// More than one transaction takes.
const TAGS: usize = 1_100;

fn part(collection: Nsid, records: Vec<(String, Value)>) -> Part {
    let found = records.into_iter().map(|(rkey, json)| {
        let json = json.to_string();
        let cid = Cid::raw_sha256(json.as_bytes());
        Found { rkey: RecordKey::parse(&rkey).unwrap(), json, cid, refs: Vec::new() }
    });
    Part {
        did: owner(),
        collection,
        rev: Tid::new(clock::now_micros(), 0).unwrap(),
        asked_at: clock::now_micros(),
        keys: (Bound::Unbounded, Bound::Unbounded),
        records: found.collect(),
        proven: false,
    }
}

fn owner() -> Did {
    Did::parse("did:plc:abc234").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_here_before_is_read_once() {
    let schemas = [&records::SCHEMAS[..], &crate::SCHEMAS].concat();
    testkit::on_each_engine(&schemas, |store| async move {
        let digest = Digest::of(Algorithm::Sha256, b"{}");
        let manifest = json!({
            "repository": "app", "digest": digest.to_string(), "schemaVersion": 2, "createdAt": "2026-01-01T00:00:00Z",
            "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": [],
        });
        let tag = |n: usize| json!({ "repository": "app", "tag": format!("v{n}"), "manifestDigest": digest.to_string() });
        let tags = (0..TAGS).map(|n| (format!("app_v{n}"), tag(n))).collect();
        let parts = vec![
            part(lexicon::manifest_collection(), vec![(digest.to_hex(), manifest)]),
            part(lexicon::tag_collection(), tags),
        ];
        let along: Along = Arc::new(|_, _| Ok(()));
        Records::new(&store, Vec::new()).reconcile(parts, false, along).await.unwrap();
        let (index, records) = (Index::new(store.index.clone()), Records::new(&store, vec![projection()]));
        let repository = Repository { owner: owner(), name: "app".to_owned() };
        let last = Reference::Tag(Tag::parse(&format!("v{}", TAGS - 1)).unwrap());
        assert!(index.manifest(&repository, &last).await.unwrap().is_none(), "nobody has read it yet");

        let all = TAGS as u64 + 1;
        assert_eq!(index.project(&records).await.unwrap(), all);
        assert_eq!(index.manifest(&repository, &last).await.unwrap().unwrap().digest, digest);
        assert_eq!(index.project(&records).await.unwrap(), 0);
        // Other rules, or a start that was broken off: nothing is there twice.
        store.index.write(|conn| conn.execute("UPDATE registry_projected SET version = 0", &[])).await.unwrap();
        assert_eq!(index.project(&records).await.unwrap(), all);
        assert_eq!(index.tagged(&repository, &Reference::Digest(digest)).await.unwrap().len(), TAGS);
        assert_eq!(index.project(&records).await.unwrap(), 0);
    })
    .await;
}
