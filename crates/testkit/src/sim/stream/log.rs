//! The events that are remembered.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::event::{Event, Happening};
use crate::sim::clock::now_micros;

/// Events a subscriber takes at once.
const BATCH: usize = 500;

/// The stream's memory, and its wake-up.
pub(crate) struct Stream {
    log: Mutex<Log>,
    /// The `time_us` of the newest event.
    end: watch::Sender<i64>,
    /// Cancelled to close all connections, and then replaced.
    cut: Mutex<CancellationToken>,
    subscribers: AtomicUsize,
}

#[derive(Default)]
struct Log {
    events: VecDeque<Arc<Event>>,
    /// How far the stream's clock is ahead, in microseconds.
    ahead: i64,
    /// Of identity and account events.
    seq: u64,
}

impl Default for Stream {
    fn default() -> Self {
        Self {
            log: Mutex::default(),
            end: watch::Sender::new(0),
            cut: Mutex::default(),
            subscribers: AtomicUsize::new(0),
        }
    }
}

impl Stream {
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().expect("no panic while it was held")
    }

    /// Events of one account, in this order and with nothing between them.
    pub(crate) fn publish(&self, did: &str, happenings: Vec<Happening>) {
        let mut log = self.log();
        let mut last = *self.end.borrow();
        for happening in happenings {
            let time_us = (now_micros() + log.ahead).max(last + 1);
            log.seq += 1;
            let event = Event::new(did, time_us, log.seq, happening);
            log.events.push_back(Arc::new(event));
            last = time_us;
        }
        // While the log is locked: subscribers find what they are woken for.
        self.end.send_replace(last);
    }

    /// The first events at `time_us` or later.
    pub(super) fn from(&self, time_us: i64) -> Vec<Arc<Event>> {
        let log = self.log();
        let first = log.events.partition_point(|event| event.time_us < time_us);
        log.events.range(first..).take(BATCH).cloned().collect()
    }

    pub(super) fn end(&self) -> watch::Receiver<i64> {
        self.end.subscribe()
    }

    pub(super) fn lose(&self, times: &Range<i64>) {
        self.log().events.retain(|event| !times.contains(&event.time_us));
    }

    pub(super) fn retain(&self, newest: usize) {
        let mut log = self.log();
        let lost = log.events.len().saturating_sub(newest);
        log.events.drain(..lost);
    }

    pub(super) fn jump(&self, by: Duration) {
        self.log().ahead += i64::try_from(by.as_micros()).expect("a few minutes");
    }

    pub(super) fn disconnect(&self) {
        std::mem::take(&mut *self.cut.lock().expect("no panic while it was held")).cancel();
    }

    /// Cancelled when the connections of this moment are to be closed.
    pub(super) fn cut(&self) -> CancellationToken {
        self.cut.lock().expect("no panic while it was held").clone()
    }

    pub(super) fn subscribers(&self) -> usize {
        self.subscribers.load(Ordering::SeqCst)
    }

    /// Counts a subscriber until what is returned is dropped.
    pub(super) fn subscribed(&self) -> Subscribed<'_> {
        self.subscribers.fetch_add(1, Ordering::SeqCst);
        Subscribed(self)
    }
}

/// A subscriber that is there.
pub(super) struct Subscribed<'s>(&'s Stream);

impl Drop for Subscribed<'_> {
    fn drop(&mut self) {
        self.0.subscribers.fetch_sub(1, Ordering::SeqCst);
    }
}
