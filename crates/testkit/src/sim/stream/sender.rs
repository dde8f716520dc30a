//! What becomes of messages on their way to a subscriber, if the server is not as it should be.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use tokio_tungstenite::tungstenite::Message;

use super::forge::without_one;
use super::hostile;
use super::reader::Item;
use super::{Faults, Outlet};
use crate::sim::chance::chance;
use crate::sim::world::World;

/// Messages that may be sent once more later.
const REMEMBERED: usize = 50;

/// How many of the messages that mean nothing are larger than anybody takes, and so end the connection.
const OVERSIZED: f64 = 0.02;

/// One thing to do on a connection.
pub(super) enum Step {
    Send(Message),
    Wait(Duration),
    /// Ends it without a word.
    Cut,
    /// The same in the middle of a message.
    CutWithin,
}

/// Decides what happens, from the seed.
pub(super) struct Sender {
    chance: StdRng,
    sent: VecDeque<Item>,
}

impl Sender {
    pub(super) fn new(world: &World, outlet: Outlet, subscriber: u64) -> Self {
        let chance = chance(world.seed, &format!("subscribers of {outlet:?}"), subscriber);
        Self { chance, sent: VecDeque::new() }
    }

    /// How these messages are sent.
    pub(super) fn steps(&mut self, world: &World, faults: &Faults, mut items: Vec<Item>) -> Vec<Step> {
        if faults.reorder > 1 {
            items.chunks_mut(faults.reorder).for_each(|chunk| self.reorder(chunk));
        }
        let mut steps = Vec::with_capacity(items.len());
        let mut cut = false;
        for item in items {
            if self.is(faults.stalls) {
                steps.push(Step::Wait(faults.stall));
            }
            if self.is(faults.hostile) {
                steps.push(Step::Send(self.hostile(world, &item)));
            }
            if self.is(faults.losses) {
                continue;
            }
            let message = match &item {
                Item::Frame(frame) if self.is(faults.omissions) => without_one(frame, &mut self.chance),
                _ => None,
            };
            let message = message.map_or_else(|| item.message(), Message::binary);
            steps.push(Step::Send(message));
            if self.is(faults.duplicates) {
                steps.push(Step::Send(item.message()));
            }
            self.remember(item);
            if self.is(faults.replays) {
                let from = self.chance.random_range(0..self.sent.len());
                steps.extend(self.sent.range(from..).map(|item| Step::Send(item.message())));
            }
            if self.is(faults.cuts) {
                cut = true;
                // In another order, what comes later may be what came before.
                if faults.reorder < 2 {
                    break;
                }
            }
            if let Some(most) = faults.bytes_per_second {
                steps.push(Step::Wait(time_of(&steps, most)));
            }
        }
        if cut {
            steps.push(if self.chance.random_bool(0.3) { Step::CutWithin } else { Step::Cut });
        }
        steps
    }

    fn is(&mut self, share: f64) -> bool {
        share > 0.0 && self.chance.random_bool(share)
    }

    fn hostile(&mut self, world: &World, item: &Item) -> Message {
        if self.chance.random_bool(OVERSIZED) {
            return hostile::oversized();
        }
        match item {
            Item::Event(event) => hostile::text(event, &mut self.chance),
            Item::Frame(frame) => hostile::binary(world, frame, &mut self.chance),
        }
    }

    fn remember(&mut self, item: Item) {
        if self.sent.len() == REMEMBERED {
            self.sent.pop_front();
        }
        self.sent.push_back(item);
    }

    /// Another order in which each account's messages are in theirs.
    fn reorder(&mut self, items: &mut [Item]) {
        let mut of: HashMap<String, VecDeque<Item>> = HashMap::new();
        let mut order: Vec<String> = items.iter().map(|item| item.did().to_owned()).collect();
        for item in items.iter() {
            of.entry(item.did().to_owned()).or_default().push_back(item.clone());
        }
        for at in (1..order.len()).rev() {
            order.swap(at, self.chance.random_range(0..=at));
        }
        for (place, did) in items.iter_mut().zip(order) {
            if let Some(item) = of.get_mut(&did).and_then(VecDeque::pop_front) {
                *place = item;
            }
        }
    }
}

/// How long the last message takes.
fn time_of(steps: &[Step], bytes_per_second: usize) -> Duration {
    let bytes = match steps.last() {
        Some(Step::Send(message)) => message.len(),
        _ => 0,
    };
    Duration::from_micros((bytes * 1_000_000 / bytes_per_second.max(1)) as u64)
}
