//! What a stream does that it should not.

use std::time::Duration;

/// How a server treats its subscribers. Shares are from 0 to 1, of messages; what happens to which message follows from the network's
/// seed, the server, and how many subscribers it has had.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    /// Nobody is let in, and those who are there are thrown out.
    pub is_down: bool,
    /// Sent twice.
    pub duplicates: f64,
    /// Messages of different accounts that are sent in another order, so many at a time; those of one account stay in order.
    pub reorder: usize,
    /// After which up to fifty are sent again that were sent before.
    pub replays: f64,
    /// Before which something is sent that means nothing, or is not true.
    pub hostile: f64,
    /// After which the connection is cut, now and then within the next message.
    pub cuts: f64,
    /// Before which nothing is sent for a while.
    pub stalls: f64,
    /// How long that is.
    pub stall: Duration,
    /// Left out. Whoever follows a Jetstream cannot know; commits of relays and hosts show it.
    pub losses: f64,
    /// Commits of relays and hosts that lack one of several operations.
    pub omissions: f64,
    /// No more bytes than this in a second.
    pub bytes_per_second: Option<usize>,
}

impl Faults {
    /// A server that nobody reaches.
    #[must_use]
    pub fn down() -> Self {
        Self { is_down: true, ..Self::default() }
    }

    /// Everything that an index has to get over: it is complete in the end, whatever the server sends, if the server keeps to the truth
    /// at last.
    #[must_use]
    pub fn all() -> Self {
        Self {
            is_down: false,
            duplicates: 0.2,
            reorder: 8,
            replays: 0.05,
            hostile: 0.3,
            cuts: 0.02,
            stalls: 0.02,
            stall: Duration::from_millis(30),
            ..Self::default()
        }
    }
}
