//! Hooks that take longer than the lease holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use atproto::Nsid;
use futures::future::BoxFuture;
use records::{Decision, IngestHook, IngestState, RecordEvent, SCHEMAS};
use serde_json::json;
use testkit::on_each_engine;
use tokio::sync::Semaphore;

use crate::rig::{ALICE, Rig, eventually, rev};
use crate::stream::create;

const T: i64 = 1_750_000_000_000_000;

/// Waits to be let through, once for each batch.
struct Waits {
    gate: Semaphore,
    asked: AtomicUsize,
    shown: AtomicUsize,
    /// One was dropped in the middle.
    dropped: AtomicBool,
    /// How long it takes in any case.
    takes: Duration,
}

/// Notices that whoever holds it was dropped.
struct Noticed<'w>(&'w Waits, bool);

impl Drop for Noticed<'_> {
    fn drop(&mut self) {
        if !self.1 {
            self.0.dropped.store(true, Ordering::SeqCst);
        }
    }
}

impl Waits {
    fn new(open: usize, takes: Duration) -> Arc<Self> {
        Arc::new(Self {
            gate: Semaphore::new(open),
            asked: AtomicUsize::new(0),
            shown: AtomicUsize::new(0),
            dropped: AtomicBool::new(false),
            takes,
        })
    }
}

impl IngestHook for Waits {
    fn wants(&self, _: &Nsid) -> bool {
        true
    }

    fn decide<'a>(&'a self, batch: &'a [RecordEvent]) -> BoxFuture<'a, Result<Vec<Decision>, store::Error>> {
        Box::pin(async move {
            let mut noticed = Noticed(self, false);
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(self.takes).await;
            self.gate.acquire().await.unwrap().forget();
            self.shown.fetch_add(batch.len(), Ordering::SeqCst);
            noticed.1 = true;
            Ok(vec![Decision::Keep; batch.len()])
        })
    }
}

async fn expiry(rig: &Rig) -> i64 {
    let sql = "SELECT lease_expires FROM cursors WHERE source = 'jetstream'";
    rig.store.index.read(move |conn| conn.query_one(sql, &[], |row| row.int(0))).await.unwrap()
}

/// Otherwise another instance would begin with the same events, take as long, and lose them to the next.
#[tokio::test(flavor = "multi_thread")]
async fn the_lease_is_kept_while_hooks_decide_and_given_up_at_once_when_it_is_lost() {
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        let hook = Waits::new(0, Duration::ZERO);
        let mut first = rig.start_as("first", vec![hook.clone()]);
        first.live().await;
        let mut second = rig.start_as("second", Vec::new());
        second.until(|status| status.state == IngestState::Standby).await;
        rig.stream.send(T, create(ALICE, "a", &rev(1), T, &json!({})));
        eventually("it is asked", async || hook.asked.load(Ordering::SeqCst) == 1).await;
        let before = expiry(&rig).await;
        eventually("the lease is renewed", async || expiry(&rig).await > before).await;
        hook.gate.add_permits(1);
        rig.committed(&mut first, T).await;
        assert_eq!(hook.asked.load(Ordering::SeqCst), 1);

        rig.stream.send(T + 1, create(ALICE, "b", &rev(2), T + 1, &json!({})));
        eventually("it is asked again", async || hook.asked.load(Ordering::SeqCst) == 2).await;
        let taken =
            "UPDATE cursors SET holder = 'third', epoch = epoch + 1, lease_expires = 9000000000000000";
        rig.store.index.write(move |conn| conn.execute(taken, &[])).await.unwrap();
        first.until(|status| status.state == IngestState::Standby).await;
        assert!(hook.dropped.load(Ordering::SeqCst), "nobody waits for what cannot be committed");
        first.stop().await;
        second.stop().await;
    })
    .await;
}

/// What is decided is committed after a while, and the cursor with it, although more was read.
#[tokio::test(flavor = "multi_thread")]
async fn the_cursor_moves_while_hooks_are_slow() {
    const EVENTS: i64 = 900;
    on_each_engine(&SCHEMAS, |store| async move {
        let rig = Rig::new(store).await;
        // Of eight slices four are let through.
        let hook = Waits::new(4, Duration::from_millis(700));
        for n in 0..EVENTS {
            rig.stream.send(T + n, create(ALICE, &format!("r{n}"), &rev(n), T + n, &json!({})));
        }
        // So that all of them are read in one go.
        let at = T - 1;
        let begin = "INSERT INTO cursors (source, time_us) VALUES ('jetstream', $1)";
        rig.store.index.write(move |conn| conn.execute(begin, &[store::v(at)])).await.unwrap();
        let mut running = rig.start_as("one", vec![hook.clone()]);
        running.until(|status| status.cursor.is_some_and(|cursor| cursor >= T)).await;
        let cursor = rig.cursor().await.unwrap();
        let here = i64::try_from(rig.all().await.len()).unwrap();
        assert!(cursor < T + EVENTS - 1, "the rest waits");
        assert_eq!(cursor, T + here - 1, "it is where the records are");
        assert!(here > 0 && here <= i64::try_from(hook.shown.load(Ordering::SeqCst)).unwrap());
        hook.gate.add_permits(100);
        rig.committed(&mut running, T + EVENTS - 1).await;
        assert_eq!(
            i64::try_from(hook.shown.load(Ordering::SeqCst)).unwrap(),
            EVENTS,
            "each is asked about once"
        );
        running.stop().await;
    })
    .await;
}
