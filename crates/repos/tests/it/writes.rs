//! One writer, and what is there afterwards.

use atproto::car::{Blocks, Limits as CarLimits};
use atproto::crypto::PublicKey;
use atproto::repo::Commit;
use atproto::{Did, mst};
use identity::Local;
use repos::{Expected, Limits, ListRecords, NewRepo, Write};
use serde_json::json;

use crate::rig::{NOTE, Rig, cid_of, create, delete, fields, kind, note, on_each, put, rkey, schemas};

/// The key that anybody finds in the DID document.
pub(crate) fn key_of(rig: &Rig, did: &Did) -> PublicKey {
    rig.repos.directory().by_did(did).unwrap().signing_key.clone().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_there_signed_and_in_the_tree() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let before = rig.repos.head(&did).await.unwrap();
        let applied = rig.put(&did, "one", "first").await;
        let commit = applied.commit.unwrap();
        assert_eq!(applied.written[0].uri.to_string(), format!("at://{did}/{NOTE}/one"));
        assert_eq!(applied.written[0].cid, Some(cid_of("first")));
        assert!(commit.rev > before.commit.rev);
        let record = rig.repos.get(&did, &note(), &rkey("one")).await.unwrap().unwrap();
        assert_eq!(record.cid, cid_of("first"));
        assert_eq!(record.json, json!({ "$type": NOTE, "text": "first" }).to_string());
        let head = rig.repos.head(&did).await.unwrap();
        assert_eq!(head.commit, commit);
        assert!(head.commit.cid.is_of(&head.block));
        let signed = Commit::decode(&head.block).unwrap().verify(&key_of(&rig, &did)).unwrap();
        assert_eq!(signed, Commit { did: did.clone(), rev: commit.rev, data: head.root });

        // A proof says the same to whoever has nothing but the key; also of a record that is not there.
        for (key, expected) in [("one", Some(cid_of("first"))), ("two", None)] {
            let car = rig.repos.proof(&did, &note(), &rkey(key)).await.unwrap();
            let mut blocks = Blocks::new(CarLimits::default());
            assert_eq!(blocks.add(car.into()).unwrap(), [commit.cid]);
            assert_eq!(mst::find(head.root, &format!("{NOTE}/{key}"), &blocks), Ok(expected));
            assert!(expected.is_none_or(|cid| blocks.get(&cid).is_some()));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_as_it_should_be_makes_no_commit() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let commit = rig.put(&did, "one", "first").await.commit;
        let again = rig.repos.apply(&did, vec![put("one", "first"), delete("never")], None).await.unwrap();
        assert_eq!((again.commit, again.written[0].cid), (None, Some(cid_of("first"))));
        assert_eq!(Some(rig.repos.head(&did).await.unwrap().commit), commit);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_written_whole_or_not_at_all() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        rig.put(&did, "one", "first").await;
        let head = rig.repos.head(&did).await.unwrap();
        let batch = vec![put("two", "second"), create(Some("one"), "again")];
        let error = rig.repos.apply(&did, batch, None).await.unwrap_err();
        assert_eq!(kind(&error), "exists");
        let error = rig.repos.apply(&did, vec![put("two", "a"), delete("two")], None).await.unwrap_err();
        assert_eq!(kind(&error), "invalid", "the order of two writes to one record says nothing");
        assert_eq!(rig.repos.head(&did).await.unwrap(), head);
        assert_eq!(rig.text(&did, "two").await, None);

        // Keys that are chosen are new ones, and in the order of the writes.
        let batch = (0..5).map(|number| create(None, &number.to_string())).collect();
        let applied = rig.repos.apply(&did, batch, None).await.unwrap();
        let keys: Vec<_> = applied.written.iter().map(|one| one.uri.rkey().unwrap().to_string()).collect();
        assert!(keys.is_sorted() && keys.len() == 5, "{keys:?}");
        let more = rig.repos.apply(&did, vec![create(None, "more")], None).await.unwrap();
        assert!(more.written[0].uri.rkey().unwrap().as_str() > &*keys[4]);
        assert!(more.commit.unwrap().rev > applied.commit.unwrap().rev);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_record_is_refused() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let head = rig.repos.head(&did).await.unwrap();
        let blob = atproto::Cid::raw_sha256(b"never uploaded").to_string();
        for (record, expected) in [
            (json!({ "$type": "com.example.other" }), "invalid"),
            (json!({ "$type": 7 }), "invalid"),
            (json!({ "fraction": 1.5 }), "invalid"),
            (json!({ "large": 1_i64 << 60 }), "invalid"),
            (json!({ "zero": "a\u{0}b" }), "invalid"),
            (json!({ "text": "x".repeat(1 << 20) }), "invalid"),
            (json!({ "it": { "$type": "blob", "ref": { "$link": cid_of("x") }, "mimeType": "a/b", "size": 1 } }), "invalid"),
            (json!({ "it": { "$type": "blob", "ref": { "$link": blob }, "mimeType": "a/b", "size": 1 } }), "blob"),
        ] {
            let shown = record.to_string().chars().take(80).collect::<String>();
            let write = Write::Create { collection: note(), rkey: None, record: fields(&record) };
            let error = rig.repos.apply(&did, vec![write], None).await.unwrap_err();
            assert_eq!(kind(&error), expected, "{shown}: {error}");
        }
        let many = (0..201).map(|number| put(&number.to_string(), "x")).collect();
        assert_eq!(kind(&rig.repos.apply(&did, many, None).await.unwrap_err()), "large");
        let large = (0..3).map(|number| put(&number.to_string(), &number.to_string().repeat(900_000))).collect();
        assert_eq!(kind(&rig.repos.apply(&did, large, None).await.unwrap_err()), "large");
        let nobody: Did = "did:web:nobody.test".parse().unwrap();
        assert_eq!(kind(&rig.repos.apply(&nobody, vec![put("a", "b")], None).await.unwrap_err()), "not hosted");
        assert_eq!(rig.repos.head(&did).await.unwrap(), head, "nothing of it was written");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_either_way() {
    on_each(|rig| async move {
        let (did, other) = (rig.person("alice").await, rig.person("bob").await);
        for key in ["a", "B", "c", "d", "e"] {
            rig.put(&did, key, key).await;
        }
        rig.put(&other, "z", "somebody else's").await;
        for (reverse, expected) in [(false, ["e", "d", "c", "a", "B"]), (true, ["B", "a", "c", "d", "e"])] {
            let (mut after, mut keys) = (None, Vec::new());
            loop {
                let query = ListRecords { collection: note(), limit: 2, after, reverse };
                let listed = rig.repos.list(&did, query).await.unwrap();
                keys.extend(listed.records.into_iter().map(|record| record.rkey.to_string()));
                after = listed.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(keys, expected, "in the order of bytes on both engines");
        }
        let write = Write::Put {
            collection: "com.example.also".parse().unwrap(),
            rkey: rkey("self"),
            record: fields(&json!({})),
            expected: Expected::Nothing,
        };
        rig.repos.apply(&did, vec![write], None).await.unwrap();
        let described = rig.repos.describe(&did).await.unwrap();
        let collections: Vec<_> = described.collections.iter().map(atproto::Nsid::as_str).collect();
        assert_eq!(collections, ["com.example.also", NOTE]);
        assert_eq!(described.handle.unwrap().as_str(), "alice.test");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_taken_once() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let handle = || Some("alice.test".parse().unwrap());
        let again = rig.repos.create(NewRepo::new(did.clone(), None)).await.unwrap_err();
        assert_eq!(kind(&again), "taken");
        let other = NewRepo::new("did:web:other.test".parse().unwrap(), handle());
        assert_eq!(kind(&rig.repos.create(other).await.unwrap_err()), "taken");
        assert_eq!(rig.count("SELECT COUNT(*) FROM repos_repositories").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_has_its_bounds() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let limits = Limits { export_bytes: 300_000, exports: 1, ..Limits::default() };
        let rig = Rig::with(store, limits).await;
        let did = rig.person("alice").await;
        let first = rig.repos.export(&did).await.unwrap();
        assert_eq!(kind(&rig.repos.export(&did).await.err().unwrap()), "busy");
        drop(first);
        for key in ["a", "b", "c"] {
            rig.put(&did, key, &key.repeat(200_000)).await;
        }
        assert_eq!(kind(&rig.repos.export(&did).await.err().unwrap()), "large");
    })
    .await;
}
