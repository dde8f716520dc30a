//! The events that are remembered.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::event::{Event, Happening};
use super::frame::{By, Frame, Said};
use super::{Faults, Outlet};
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
    subscribers: Mutex<BTreeMap<Outlet, Subscribers>>,
    /// How servers treat their subscribers.
    faults: watch::Sender<Arc<BTreeMap<Outlet, Faults>>>,
}

/// Those of one server.
#[derive(Clone, Copy, Default)]
struct Subscribers {
    now: usize,
    ever: u64,
}

#[derive(Default)]
struct Log {
    events: VecDeque<Arc<Event>>,
    frames: VecDeque<Arc<Frame>>,
    /// How far the stream's clock is ahead, in microseconds.
    ahead: i64,
    /// Of everything.
    seq: i64,
    /// The last message that is not remembered any more.
    forgotten: i64,
}

impl Default for Stream {
    fn default() -> Self {
        Self {
            log: Mutex::default(),
            end: watch::Sender::new(0),
            cut: Mutex::default(),
            subscribers: Mutex::default(),
            faults: watch::Sender::default(),
        }
    }
}

impl Stream {
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().expect("no panic while it was held")
    }

    /// What one account did, for both kinds of streams, in this order and with nothing between.
    pub(crate) fn publish(&self, by: &By, happenings: Vec<Happening>, said: Vec<Said>) {
        let mut log = self.log();
        let mut last = *self.end.borrow();
        for happening in happenings {
            let time_us = (now_micros() + log.ahead).max(last + 1);
            log.seq += 1;
            let event = Event::new(&by.did, time_us, log.seq, happening);
            log.events.push_back(Arc::new(event));
            last = time_us;
        }
        for said in said {
            let time_us = (now_micros() + log.ahead).max(last);
            log.seq += 1;
            let frame = Frame::new(by, time_us, log.seq, said);
            log.frames.push_back(Arc::new(frame));
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

    /// The first messages after this number, of one host or of all that relays pass on; and the number to go on after.
    pub(super) fn after(&self, seq: i64, host: Option<usize>) -> (Vec<Arc<Frame>>, i64) {
        let log = self.log();
        let first = log.frames.partition_point(|frame| frame.seq <= seq);
        let next: Vec<_> = log.frames.range(first..).take(BATCH).collect();
        let last = next.last().map_or(seq, |frame| frame.seq);
        let is_told = |frame: &Frame| host.map_or(frame.is_relayed, |host| frame.host == host);
        (next.into_iter().filter(|frame| is_told(frame)).cloned().collect(), last)
    }

    /// The number of the last message that was forgotten, and the last that was given.
    pub(super) fn numbers(&self) -> (i64, i64) {
        let log = self.log();
        (log.forgotten, log.seq)
    }

    /// How a server treats its subscribers, now and whenever that changes.
    pub(super) fn faults(&self) -> watch::Receiver<Arc<BTreeMap<Outlet, Faults>>> {
        self.faults.subscribe()
    }

    pub(super) fn misbehave(&self, outlet: Outlet, faults: Faults) {
        self.faults.send_modify(|all| {
            Arc::make_mut(all).insert(outlet, faults);
        });
    }

    pub(super) fn end(&self) -> watch::Receiver<i64> {
        self.end.subscribe()
    }

    pub(super) fn lose(&self, times: &Range<i64>) {
        let mut log = self.log();
        log.events.retain(|event| !times.contains(&event.time_us));
        let lost =
            log.frames.iter().rev().find(|frame| times.contains(&frame.time_us)).map(|frame| frame.seq);
        log.forgotten = lost.unwrap_or_default().max(log.forgotten);
        log.frames.retain(|frame| !times.contains(&frame.time_us));
    }

    pub(super) fn retain(&self, newest: usize) {
        let mut log = self.log();
        let lost = log.events.len().saturating_sub(newest);
        log.events.drain(..lost);
        let lost = log.frames.len().saturating_sub(newest);
        let newest_lost = log.frames.drain(..lost).next_back().map(|frame| frame.seq);
        log.forgotten = newest_lost.unwrap_or_default().max(log.forgotten);
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

    pub(super) fn subscribers(&self) -> BTreeMap<Outlet, usize> {
        let subscribers = self.subscribers.lock().expect("no panic while it was held");
        subscribers.iter().map(|(outlet, subscribers)| (*outlet, subscribers.now)).collect()
    }

    /// Counts a subscriber until what is returned is dropped; says how many there were before.
    pub(super) fn subscribed(&self, outlet: Outlet) -> (Subscribed<'_>, u64) {
        let mut subscribers = self.subscribers.lock().expect("no panic while it was held");
        let subscribers = subscribers.entry(outlet).or_default();
        subscribers.now += 1;
        subscribers.ever += 1;
        (Subscribed { stream: self, outlet }, subscribers.ever - 1)
    }
}

/// A subscriber that is there.
pub(super) struct Subscribed<'s> {
    stream: &'s Stream,
    outlet: Outlet,
}

impl Drop for Subscribed<'_> {
    fn drop(&mut self) {
        let mut subscribers = self.stream.subscribers.lock().expect("no panic while it was held");
        subscribers.entry(self.outlet).or_default().now -= 1;
    }
}
