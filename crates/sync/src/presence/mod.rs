//! Signs of life: heard often, told at most once a second, written seldom and together (spec/sync.md §5).

mod alive;
mod beat;
mod expire;
mod flush;
mod sockets;

pub(crate) use alive::believable;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::live::Relay;
use beat::Beat;

/// How often what was heard is written.
const FLUSH: Duration = Duration::from_secs(5);

/// How often whoever fell silent is looked for.
const SWEEP: Duration = Duration::from_mins(1);

/// Which table it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Session,
    Machine,
}

impl Kind {
    /// As metrics have it.
    fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Machine => "machine",
        }
    }
}

/// Something of somebody's that shows signs of life.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Subject {
    kind: Kind,
    account: Arc<str>,
    id: Arc<str>,
}

/// Who shows signs of life. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Presence {
    relay: Relay,
    heard: Arc<Heard>,
}

#[derive(Default)]
struct Heard {
    beats: Mutex<HashMap<Subject, Beat>>,
    /// Sessions that have ended, whose heartbeats are not listened to until then (microseconds).
    silent: Mutex<HashMap<String, i64>>,
    /// Sockets by machine.
    machines: Mutex<HashMap<Subject, usize>>,
}

/// No code under these locks panics half-way through a change.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Presence {
    pub(crate) fn new(relay: Relay) -> Self {
        Self { relay, heard: Arc::default() }
    }

    /// Writes what was heard and looks for whoever fell silent, until `stop`; then writes the last.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut swept = None::<tokio::time::Instant>;
        loop {
            if swept.is_none_or(|at| at.elapsed() >= SWEEP) {
                swept = Some(tokio::time::Instant::now());
                self.expire().await;
                self.forget();
            }
            let stopped = stop.run_until_cancelled(tokio::time::sleep(FLUSH)).await.is_none();
            self.flush().await;
            if stopped {
                return;
            }
        }
    }
}
