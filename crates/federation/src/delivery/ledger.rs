//! Keeps what became of deliveries: whatever ended meanwhile in one transaction, so that a commit is not what bounds how many there are,
//! and on PostgreSQL they do not get into each other's way.

use std::sync::Arc;

use store::Database;
use tokio::sync::{Mutex, mpsc, oneshot};
use tracing::warn;

use super::Delivery;
use super::settle::{self, Outcome};

/// Outcomes that one transaction keeps, and that wait for one.
const AT_ONCE: usize = 64;

/// A delivery that has ended.
struct Ended {
    done: (Delivery, Outcome),
    next: oneshot::Sender<Option<Delivery>>,
}

/// Whose turn it is to change the queue: who claims and who keeps outcomes would only undo each other's transactions.
pub(super) type Turn = Arc<Mutex<()>>;

/// Where those who send say how it went. Cheap to clone.
#[derive(Clone)]
pub(super) struct Ledger(mpsc::Sender<Ended>);

/// What is to be written down.
pub(super) struct Entries {
    ended: mpsc::Receiver<Ended>,
    turn: Turn,
}

impl Ledger {
    pub(super) fn open() -> (Self, Entries, Turn) {
        let ((sender, ended), turn) = (mpsc::channel(AT_ONCE), Turn::default());
        (Self(sender), Entries { ended, turn: Arc::clone(&turn) }, turn)
    }

    /// Keeps an outcome, and says what the same sender sends to the same host next, which is ours now.
    pub(super) async fn settle(&self, done: Delivery, outcome: Outcome) -> Option<Delivery> {
        let (next, answer) = oneshot::channel();
        self.0.send(Ended { done: (done, outcome), next }).await.ok()?;
        answer.await.ok()?
    }
}

impl Entries {
    /// Writes until nobody sends any more.
    pub(super) async fn keep(mut self, state: Database, scale: u32) {
        let mut ended = Vec::with_capacity(AT_ONCE);
        while self.ended.recv_many(&mut ended, AT_ONCE).await > 0 {
            let (done, nexts): (Vec<_>, Vec<_>) =
                ended.drain(..).map(|Ended { done, next }| (done, next)).unzip();
            let (done, now) = (Arc::new(done), clock::now_micros());
            let keep = move |conn: &mut store::Conn<'_>| {
                done.iter().map(|(done, outcome)| settle::settle(conn, now, done, outcome, scale)).collect()
            };
            let turn = self.turn.lock().await;
            let kept: Result<Vec<Option<Delivery>>, store::Error> = state.write(keep).await;
            drop(turn);
            faults::crash_point!("federation.settled");
            match kept {
                // Who does not wait any more has ended, and so does the lease.
                Ok(found) => nexts.into_iter().zip(found).for_each(|(next, found)| drop(next.send(found))),
                // They are sent again when their leases have ended.
                Err(error) => warn!(%error, "what became of deliveries is not kept"),
            }
        }
    }
}
