//! What one repository, one write and one subscriber may cost.

use std::time::Duration;

/// Bounds of everything here. The defaults are the protocol's where it has any.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Records in one commit.
    pub writes: usize,
    /// Bytes of the blocks that a commit tells subscribers.
    pub commit_bytes: usize,
    /// Blobs that one record refers to.
    pub blobs_of_record: usize,
    /// Bytes of one blob.
    pub blob_bytes: usize,
    /// How long a blob waits for a record that refers to it.
    pub unused_blob_age: Duration,
    /// How long an event can be asked for.
    pub event_age: Duration,
    /// How many events can be asked for.
    pub events: i64,
    /// Bytes of a whole repository as one archive.
    pub export_bytes: usize,
    /// Archives that are made and sent at once.
    pub exports: usize,
    /// Subscribers at once.
    pub subscribers: usize,
    /// How long a subscriber may take for one message.
    pub slow_subscriber: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            writes: 200,
            commit_bytes: 2_000_000,
            blobs_of_record: 64,
            blob_bytes: 8 << 20,
            unused_blob_age: Duration::from_hours(24),
            event_age: Duration::from_hours(72),
            events: 100_000,
            export_bytes: 256 << 20,
            exports: 2,
            subscribers: 256,
            slow_subscriber: Duration::from_secs(10),
        }
    }
}
