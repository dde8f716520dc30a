//! The stream in the hands of a test.

use std::ops::Range;
use std::time::Duration;

use super::{Faults, Outlet};
use crate::sim::Sim;

impl Sim {
    /// The `time_us` of the newest event; 0 if there is none.
    #[must_use]
    pub fn stream_end(&self) -> i64 {
        *self.world.stream.end().borrow()
    }

    /// How many subscribers there are, of all streams together.
    #[must_use]
    pub fn subscribers(&self) -> usize {
        self.world.stream.subscribers().values().sum()
    }

    /// How many subscribers a server has.
    #[must_use]
    pub fn subscribers_of(&self, outlet: Outlet) -> usize {
        self.world.stream.subscribers().get(&outlet).copied().unwrap_or_default()
    }

    /// How a server treats its subscribers from now on.
    pub fn misbehave(&self, outlet: Outlet, faults: Faults) {
        self.world.stream.misbehave(outlet, faults);
    }

    /// Forgets the events of these times (`time_us`): whoever has not seen them never will.
    pub fn lose_events(&self, times: Range<i64>) {
        self.world.stream.lose(&times);
    }

    /// Forgets all events but the newest `events`; an older cursor silently starts with the oldest of them.
    pub fn retain(&self, events: usize) {
        self.world.stream.retain(events);
    }

    /// Sets the stream's clock ahead: the next event comes so much later than the one before. At most a few minutes in all: a
    /// consumer does not believe in the future.
    pub fn jump(&self, by: Duration) {
        self.world.stream.jump(by);
    }

    /// Closes the connections of all subscribers; they may come back at once.
    pub fn disconnect(&self) {
        self.world.stream.disconnect();
    }
}
