//! The cursor is where the effects are, whatever happens in between.

use std::sync::{Arc, Mutex};

use atproto::Nsid;
use records::{Effect, Projection, Records, SCHEMAS};
use serde_json::json;
use store::{Conn, Error};
use testkit::on_each_engine;

use crate::rig::{ALICE, BOB, Rig, eventually, note, rev};
use crate::stream::{create, delete, update};

const T: i64 = 1_750_000_000_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_becomes_a_row_with_its_references() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut running = rig.start();
        running.live().await;
        let record = json!({"$type": "com.example.note", "text": "hi", "about": [{"at": "at://x/y.z.w/1"}, "at://x/y.z.w/1"]});
        rig.stream.send(T, create(ALICE, "a", &rev(1), T, &record));
        rig.committed(&mut running, T).await;
        let first = rig.get(ALICE, "a").await.unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&first.json).unwrap(), record);
        assert_eq!(first.uri, format!("at://{ALICE}/com.example.note/a"));
        let changed = json!({"text": "edited"});
        rig.stream.send(T + 1, update(ALICE, "a", &rev(2), T + 1, &changed));
        rig.committed(&mut running, T + 1).await;
        let second = rig.get(ALICE, "a").await.unwrap();
        assert_eq!(second.created_at, first.created_at);
        assert_ne!(second.cid, first.cid);
        rig.stream.send(T + 2, delete(ALICE, "a", &rev(3), T + 2));
        rig.committed(&mut running, T + 2).await;
        assert_eq!(rig.get(ALICE, "a").await, None);
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_where_the_last_commit_was() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut running = rig.start();
        running.live().await;
        for n in 0..50 {
            rig.stream.send(T + n, create(ALICE, &format!("k{n}"), &rev(n), T + n, &json!({"n": n})));
        }
        rig.committed(&mut running, T + 20).await;
        running.kill().await;
        let cursor = rig.cursor().await.unwrap();
        assert!((T + 20..T + 50).contains(&cursor));
        for n in 50..60 {
            rig.stream.send(T + n, create(ALICE, &format!("k{n}"), &rev(n), T + n, &json!({"n": n})));
        }
        let mut running = rig.start();
        rig.committed(&mut running, T + 59).await;
        assert_eq!(rig.all().await.len(), 60);
        let asked: i64 = rig.stream.queries()[1]["cursor"][0].parse().unwrap();
        assert!(asked <= cursor, "{asked} is after {cursor}");
        assert!(rig.records.gaps().await.unwrap().is_empty());
        // Nothing was told twice.
        let changes = rig.records.changes(0, 1000).await.unwrap();
        assert_eq!(changes.len(), 60);
        running.stop().await;
    })
    .await;
}

/// DESIGN: an old cursor is always sent; what the source no longer has is recorded.
#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_older_than_the_source_remembers_is_a_gap() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut running = rig.start();
        running.live().await;
        rig.stream.send(T, create(ALICE, "a", &rev(1), T, &json!({})));
        rig.committed(&mut running, T).await;
        running.stop().await;
        let later = T + 80 * 3600 * 1_000_000;
        rig.stream.forget_before(later);
        rig.stream.send(later, create(ALICE, "b", &rev(2), later, &json!({})));
        let mut running = rig.start();
        rig.committed(&mut running, later).await;
        let asked: i64 = rig.stream.queries()[1]["cursor"][0].parse().unwrap();
        assert!(asked <= T);
        let gaps = rig.records.gaps().await.unwrap();
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].from_us, gaps[0].to_us, gaps[0].repaired_at), (T, later, None));
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_made_again() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut running = rig.start();
        running.live().await;
        for n in 0..20 {
            rig.stream.send(T + n, create(ALICE, &format!("k{n}"), &rev(n), T + n, &json!({"n": n})));
            if n % 5 == 0 {
                rig.committed(&mut running, T + n).await;
                rig.stream.disconnect();
            }
        }
        rig.committed(&mut running, T + 19).await;
        assert_eq!(rig.all().await.len(), 20);
        assert!(rig.stream.queries().len() >= 4);
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_collections_are_asked_for_at_once() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut running = rig.start();
        running.live().await;
        let more = records::Interest {
            index: [crate::rig::note(), "com.example.more".parse().unwrap()].into(),
            ..Default::default()
        };
        rig.wanted.set("test", more);
        eventually("a second connection", || async { rig.stream.queries().len() == 2 }).await;
        let asked: std::collections::BTreeSet<_> =
            rig.stream.queries()[1]["wantedCollections"].iter().cloned().collect();
        assert_eq!(asked, ["com.example.more".to_owned(), "com.example.note".to_owned()].into());
        // An owner that wants nothing any more: everything would be sent to a filter that is empty.
        rig.wanted.set("test", records::Interest::default());
        running.until(|status| status.state == records::IngestState::Idle).await;
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn account_events_hide_show_and_purge() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut running = rig.start();
        running.live().await;
        rig.stream.send(T, create(ALICE, "a", &rev(1), T, &json!({})));
        rig.stream.send(T + 1, create(BOB, "b", &rev(1), T + 1, &json!({})));
        for (n, (active, status, left)) in [
            (false, Some("takendown"), 1),
            (true, None, 2),
            (false, Some("deactivated"), 1),
            (false, Some("deleted"), 1),
            (true, None, 1),
        ]
        .into_iter()
        .enumerate()
        {
            let time = T + 10 + i64::try_from(n).unwrap();
            let account = json!({"active": active, "did": ALICE, "seq": 1, "status": status, "time": "2025-01-01T00:00:00Z"});
            let event = json!({"did": ALICE, "time_us": time, "kind": "account", "account": account});
            rig.stream.send(time, event.to_string());
            rig.committed(&mut running, time).await;
            assert_eq!(rig.all().await.len(), left, "{status:?}");
            assert_eq!(rig.records.counts().await.unwrap()[0].records, i64::try_from(left).unwrap());
        }
        running.stop().await;
    })
    .await;
}

/// Following begins with the connection, not with the first event.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_before_the_first_event_is_not_missed() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let running = rig.start();
        eventually("it has begun", || async { rig.cursor().await.is_some() }).await;
        let began = rig.cursor().await.unwrap();
        running.kill().await;
        let time = began + 60_000_000;
        rig.stream.send(time, create(ALICE, "a", &rev(1), time, &json!({})));
        let mut running = rig.start();
        rig.committed(&mut running, time).await;
        assert!(rig.get(ALICE, "a").await.is_some());
        // Nobody had promised an event at the moment it began.
        assert!(rig.records.gaps().await.unwrap().is_empty());
        running.stop().await;
    })
    .await;
}

/// Nor is it with the end of the handshake: it begins where `followed_since` says.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_the_first_connection_is_made_is_not_missed() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        // However long the connection takes.
        let time = clock::now_micros() + 60_000_000;
        rig.stream.send_while_connecting(time, create(ALICE, "a", &rev(1), time, &json!({})));
        let mut running = rig.start();
        rig.committed(&mut running, time).await;
        assert!(rig.get(ALICE, "a").await.is_some());
        let asked: i64 = rig.stream.queries()[0]["cursor"][0].parse().unwrap();
        let since = rig.records.followed_since(&crate::rig::note()).await.unwrap().unwrap();
        assert!(asked <= since, "followed since {since}, asked for what is after {asked}");
        assert!(rig.records.gaps().await.unwrap().is_empty());
        running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_no_longer_asked_for_is_no_gap() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let mut running = rig.start();
        running.live().await;
        rig.stream.send(T, create(ALICE, "a", &rev(1), T, &json!({})));
        rig.committed(&mut running, T).await;
        let other =
            records::Interest { index: ["com.example.other".parse().unwrap()].into(), ..Default::default() };
        // The stream no longer sends the event at the cursor, because of the filter.
        rig.stream.forget_before(T + 1);
        rig.wanted.set("test", other);
        eventually("a second connection", || async { rig.stream.queries().len() == 2 }).await;
        let later = T + 60_000_000;
        let event =
            create(ALICE, "b", &rev(2), later, &json!({})).replace("com.example.note", "com.example.other");
        rig.stream.send(later, event);
        rig.committed(&mut running, later).await;
        assert!(rig.records.gaps().await.unwrap().is_empty());
        running.stop().await;
    })
    .await;
}

/// Looks at the cursor from within the transactions of records.
struct Onlooker {
    collections: [Nsid; 1],
    /// Where it is, by record key.
    seen: Mutex<Vec<(String, Option<i64>)>>,
}

impl Projection for Onlooker {
    fn collections(&self) -> &[Nsid] {
        &self.collections
    }

    fn apply(&self, conn: &mut Conn<'_>, effects: &[Effect<'_>]) -> Result<(), Error> {
        let cursor = conn.query_one("SELECT time_us FROM cursors", &[], |row| row.opt_int(0))?;
        let keys = effects.iter().map(|effect| (effect.rkey.to_owned(), cursor));
        self.seen.lock().unwrap().extend(keys);
        Ok(())
    }
}

/// A server that dies before the transaction ends has lost nothing, because the cursor has not moved yet.
#[tokio::test(flavor = "multi_thread")]
async fn the_cursor_moves_with_the_event_and_not_before() {
    on_each_engine(&SCHEMAS, |store| async move {
        let mut rig = Rig::new(store).await;
        let onlooker = Arc::new(Onlooker { collections: [note()], seen: Mutex::default() });
        rig.records = Records::new(&rig.store, vec![Arc::clone(&onlooker) as Arc<dyn Projection>]);
        let mut running = rig.start();
        running.live().await;
        for n in 0..3 {
            rig.stream.send(T + n, create(ALICE, &n.to_string(), &rev(n), T + n, &json!({})));
            rig.committed(&mut running, T + n).await;
            assert_eq!(rig.cursor().await, Some(T + n));
        }
        let seen = onlooker.seen.lock().unwrap().clone();
        assert!(seen.len() >= 3);
        for (rkey, cursor) in seen {
            let time = T + rkey.parse::<i64>().unwrap();
            assert_ne!(cursor, Some(time), "the event at {time} is not committed yet");
        }
        running.stop().await;
    })
    .await;
}
