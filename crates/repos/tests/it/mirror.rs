//! The record index and what is at home here.

use std::collections::{BTreeMap, BTreeSet};

use atproto::Did;
use records::{Interest, Records, RepoWrite, Wanted};
use repos::{Expected, Home, Limits, Mirror, Status};
use serde_json::json;
use store::Store;

use crate::rig::{Rig, delete, fields, note, on_each, put, rkey, schemas};

struct Indexed {
    records: Records,
    mirror: Mirror,
}

impl Indexed {
    /// An index that wants notes.
    fn of(rig: &Rig) -> Self {
        let wanted = Wanted::default();
        wanted.set("test", Interest { index: [note()].into(), watch: BTreeSet::new() });
        let records = Records::new(&rig.store, Vec::new());
        Self { mirror: Mirror::new(&rig.repos, &records, &wanted, &rig.store), records }
    }

    async fn text(&self, did: &Did, key: &str) -> Option<String> {
        let record = self.records.get(did, &note(), &rkey(key)).await.unwrap()?;
        Some(
            serde_json::from_str::<serde_json::Value>(&record.json).unwrap()["text"]
                .as_str()
                .unwrap()
                .to_owned(),
        )
    }
}

async fn indexed(store: &Store) -> BTreeMap<String, String> {
    let rows = store.index.read(|conn| {
        conn.query("SELECT uri, record FROM records", &[], |row| {
            Ok::<_, store::Error>((row.string(0)?, row.string(1)?))
        })
    });
    rows.await.unwrap().into_iter().collect()
}

/// What happens to a file that is deleted, on either engine.
async fn lose(store: &Store) {
    let wiped = store.index.write(|conn| {
        let tables = [repos::SCHEMAS, records::SCHEMAS].concat();
        let of_index = tables.iter().filter(|schema| schema.tier == store::Tier::Index);
        for table in of_index.flat_map(|schema| schema.tables.iter().rev()) {
            conn.execute(&format!("DELETE FROM {table}"), &[])?;
        }
        Ok::<_, store::Error>(())
    });
    wiped.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_through_the_index_is_in_it_at_once() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        let mut indexed = Indexed::of(&rig);
        let home = Home::new(&rig.repos, did.clone());
        let record = fields(&json!({ "$type": "com.example.note", "text": "one" }));
        let create = RepoWrite::Create { collection: note(), rkey: None, record: record.clone() };
        let written = indexed.records.write(&home, &create).await.unwrap();
        let confirmed = written.confirmed.unwrap();
        assert_eq!(written.answer.status, 200);
        let key = confirmed.uri.rkey().unwrap().as_str().to_owned();
        assert_eq!(confirmed.rev, Some(rig.repos.head(&did).await.unwrap().commit.rev));
        assert_eq!(indexed.text(&did, &key).await.as_deref(), Some("one"));
        let changes = indexed.records.changes(0, 100).await.unwrap().len();
        indexed.mirror.catch_up().await.unwrap();
        assert_eq!(indexed.records.changes(0, 100).await.unwrap().len(), changes, "its echo changes nothing");

        // A refusal is an answer, in the words of a PDS, and nothing happens.
        let never = home.clone().expecting(Expected::Nothing);
        let again = RepoWrite::Put { collection: note(), rkey: rkey(&key), record };
        let refused = indexed.records.write(&never, &again).await.unwrap();
        assert!(refused.confirmed.is_none());
        let body: serde_json::Value = serde_json::from_slice(&refused.answer.body).unwrap();
        assert_eq!((refused.answer.status.as_u16(), &body["error"]), (400, &json!("InvalidSwap")));

        let removal = RepoWrite::Delete { collection: note(), rkey: rkey(&key) };
        assert!(indexed.records.write(&home, &removal).await.unwrap().confirmed.is_some());
        assert_eq!(indexed.text(&did, &key).await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_write_is_in_it_soon() {
    on_each(|rig| async move {
        let (alice, bob) = (rig.person("alice").await, rig.person("bob").await);
        rig.put(&alice, "before", "x").await;
        let mut indexed = Indexed::of(&rig);
        indexed.mirror.catch_up().await.unwrap();
        assert_eq!(indexed.text(&alice, "before").await.as_deref(), Some("x"));
        rig.put(&alice, "before", "y").await;
        rig.put(&bob, "b", "z").await;
        rig.repos.apply(&bob, vec![put("c", "gone soon")], None).await.unwrap();
        rig.repos.apply(&bob, vec![delete("c")], None).await.unwrap();
        indexed.mirror.catch_up().await.unwrap();
        assert_eq!(indexed.text(&alice, "before").await.as_deref(), Some("y"));
        assert_eq!(indexed.text(&bob, "b").await.as_deref(), Some("z"));
        assert_eq!(indexed.text(&bob, "c").await, None);

        rig.repos.set_status(&alice, Status::Deactivated).await.unwrap();
        indexed.mirror.catch_up().await.unwrap();
        assert_eq!(indexed.text(&alice, "before").await, None, "it is not served");
        rig.repos.set_status(&alice, Status::Active).await.unwrap();
        rig.repos.delete(&bob).await.unwrap();
        indexed.mirror.catch_up().await.unwrap();
        assert_eq!(indexed.text(&alice, "before").await.as_deref(), Some("y"));
        assert_eq!(indexed.text(&bob, "b").await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_lost_gets_everything_again() {
    on_each(|rig| async move {
        let dids = [rig.person("alice").await, rig.person("bob").await];
        for did in &dids {
            // More than one stretch of it.
            for batch in 0..6 {
                let writes = (0..100).map(|number| put(&format!("{batch}-{number}"), "x")).collect();
                rig.repos.apply(did, writes, None).await.unwrap();
            }
        }
        let mut before = Indexed::of(&rig);
        before.mirror.catch_up().await.unwrap();
        let known = indexed(&rig.store).await;
        assert_eq!(known.len(), 1200);
        lose(&rig.store).await;
        assert_eq!(indexed(&rig.store).await.len(), 0);
        let mut after = Indexed::of(&rig);
        after.mirror.catch_up().await.unwrap();
        assert_eq!(indexed(&rig.store).await, known);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_was_left_behind_by_the_log_is_compared() {
    testkit::on_each_engine(&schemas(), |store| async move {
        let rig = Rig::with(store, Limits { events: 2, ..Limits::default() }).await;
        let did = rig.person("alice").await;
        for key in ["a", "b", "c"] {
            rig.put(&did, key, "x").await;
        }
        let mut indexed = Indexed::of(&rig);
        indexed.mirror.catch_up().await.unwrap();
        rig.repos.apply(&did, vec![delete("a")], None).await.unwrap();
        for number in 0..4 {
            rig.put(&did, "b", &number.to_string()).await;
        }
        rig.repos.prune().await.unwrap();
        indexed.mirror.catch_up().await.unwrap();
        assert_eq!(indexed.text(&did, "a").await, None);
        assert_eq!(indexed.text(&did, "b").await.as_deref(), Some("3"));
        assert_eq!(indexed.text(&did, "c").await.as_deref(), Some("x"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_ahead_of_a_restored_log_is_compared() {
    on_each(|rig| async move {
        let did = rig.person("alice").await;
        rig.put(&did, "a", "x").await;
        let mut ahead = Indexed::of(&rig);
        ahead.mirror.catch_up().await.unwrap();
        let set =
            rig.store.index.write(|conn| conn.execute("UPDATE repos_mirrored SET seq = seq + 100", &[]));
        assert_eq!(set.await.map_err(|error: store::Error| error).unwrap(), 1);
        rig.put(&did, "b", "y").await;
        let mut restarted = Indexed::of(&rig);
        restarted.mirror.catch_up().await.unwrap();
        assert_eq!(restarted.text(&did, "b").await.as_deref(), Some("y"));
        rig.put(&did, "c", "z").await;
        restarted.mirror.catch_up().await.unwrap();
        assert_eq!(restarted.text(&did, "c").await.as_deref(), Some("z"));
    })
    .await;
}
