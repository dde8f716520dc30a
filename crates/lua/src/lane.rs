//! Threads for the runs of one depth.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::ScriptError;

/// Work that waits for a thread; whoever gives more waits.
const QUEUE: usize = 1024;

/// Enough for the two hundred nested C calls that Lua allows, through Rust, without optimisation.
const STACK_BYTES: usize = 8 << 20;

pub(crate) type Work = Box<dyn FnOnce() + Send>;

/// A bounded number of threads, started when they are needed. A thread that waits for a host function is in use.
pub(crate) struct Lane {
    depth: usize,
    most: usize,
    threads: Mutex<usize>,
    /// Work that was given and has not ended.
    pending: Arc<AtomicUsize>,
    sender: async_channel::Sender<Work>,
    receiver: async_channel::Receiver<Work>,
}

impl Lane {
    pub(crate) fn new(depth: usize, most: usize) -> Self {
        let (sender, receiver) = async_channel::bounded(QUEUE);
        Self { depth, most: most.max(1), threads: Mutex::new(0), pending: Arc::default(), sender, receiver }
    }

    /// Gives work to a thread. What the work waits for must not be behind it in this lane.
    pub(crate) async fn give(&self, work: Work) -> Result<(), ScriptError> {
        let pending = self.pending.fetch_add(1, Ordering::AcqRel) + 1;
        let given = match self.need(pending) {
            Ok(()) => self.sender.send(work).await.map_err(|_| ScriptError::Stopped),
            Err(error) => {
                tracing::error!(%error, "no thread for scripts");
                Err(ScriptError::Lost)
            }
        };
        if given.is_err() {
            self.pending.fetch_sub(1, Ordering::AcqRel);
        }
        given
    }

    /// Starts a thread if there are fewer than pieces of work; fails if there is none at all.
    fn need(&self, pending: usize) -> std::io::Result<()> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        if *threads >= pending.min(self.most) {
            return Ok(());
        }
        let (receiver, pending) = (self.receiver.clone(), Arc::clone(&self.pending));
        let started = std::thread::Builder::new()
            .name(format!("lua-{}-{}", self.depth, *threads))
            .stack_size(STACK_BYTES)
            .spawn(move || work_off(&receiver, &pending));
        match started {
            Ok(_) => *threads += 1,
            Err(error) if *threads == 0 => return Err(error),
            Err(error) => tracing::warn!(%error, "fewer threads for scripts than there should be"),
        }
        Ok(())
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.sender.close();
    }
}

fn work_off(receiver: &async_channel::Receiver<Work>, pending: &AtomicUsize) {
    while let Ok(work) = receiver.recv_blocking() {
        // The panic has been reported by its hook; whoever waits for the work sees that it is gone.
        let _ = catch_unwind(AssertUnwindSafe(work));
        pending.fetch_sub(1, Ordering::AcqRel);
    }
}
