//! A hook that could not decide in time decides about what is here by then.

use atproto::{Cid, Did, Nsid, RecordKey};
use records::{Decision, Error, SCHEMAS};
use serde_json::{Value, json};
use testkit::on_each_engine;

use crate::rig::{ALICE, BOB, Rig, note, rev};
use crate::stream::create;

const T: i64 = 1_750_000_000_000_000;

fn name(did: &str, rkey: &str) -> (Did, Nsid, RecordKey) {
    (did.parse().unwrap(), note(), rkey.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn about_the_version_it_saw_and_no_other() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut running = rig.start();
        running.live().await;
        for (n, rkey) in [(0, "a"), (1, "b"), (2, "c")] {
            rig.stream.send(T + n, create(ALICE, rkey, &rev(n), T + n, &json!({ "text": rkey })));
        }
        rig.committed(&mut running, T + 2).await;
        running.stop().await;

        let names =
            vec![name(ALICE, "c"), name(BOB, "a"), name(ALICE, "none"), name(ALICE, "a"), name(ALICE, "c")];
        let stored = rig.records.stored(names).await.unwrap();
        let texts: Vec<Option<Value>> = stored
            .iter()
            .map(|stored| {
                stored
                    .as_ref()
                    .map(|stored| serde_json::from_str::<Value>(&stored.json).unwrap()["text"].take())
            })
            .collect();
        assert_eq!(texts, [Some(json!("c")), None, None, Some(json!("a")), Some(json!("c"))]);
        let cid = |number: usize| {
            stored[number].as_ref().unwrap().cid.as_deref().map(|cid| Cid::parse(cid).unwrap())
        };
        let (of_c, of_a) = (cid(0), cid(3));

        let redecide = async |rkey: &str, cid: Option<Cid>, decision: Decision| {
            let (did, collection, rkey) = name(ALICE, rkey);
            rig.records.redecide(&did, &collection, &rkey, cid, decision).await
        };
        let other = json!({ "text": "other", "see": "at://somewhere" }).to_string();
        assert!(redecide("a", of_a, Decision::Replace(other.clone())).await.unwrap());
        assert!(redecide("b", of_a, Decision::Skip).await.is_ok_and(|done| !done), "that is another version");
        assert!(redecide("c", of_c, Decision::Skip).await.unwrap());
        assert!(!redecide("c", of_c, Decision::Replace(other)).await.unwrap(), "it is gone");
        let wrong = redecide("a", of_a, Decision::Replace("[]".to_owned())).await.unwrap_err();
        assert!(matches!(wrong, Error::Rejected(_)), "{wrong}");

        let a = rig.get(ALICE, "a").await.unwrap();
        assert_eq!(serde_json::from_str::<Value>(&a.json).unwrap()["text"], "other");
        assert_eq!(a.cid, of_a.map(|cid| cid.to_string()), "that of the author's record");
        assert!(rig.get(ALICE, "b").await.is_some() && rig.get(ALICE, "c").await.is_none());
        assert_eq!(rig.records.counts().await.unwrap()[0].records, 2);
    })
    .await;
}
