//! What labelers say, as a part of this server: who is heard, and what of it answers carry.

mod hearing;
mod new_records;
mod tasks;

use labels::{Labelers, Labels};
use store::Store;

pub(crate) use hearing::Hearing;
pub(crate) use tasks::{Followers, tasks};

/// The labels and whom they come from. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Labelling {
    pub(crate) labels: Labels,
    pub(crate) labelers: Labelers,
}

impl Labelling {
    pub(crate) fn new(store: &Store, events: events::EventLog) -> Self {
        Self { labels: Labels::new(store), labelers: Labelers::new(store, events) }
    }
}
