//! The moments at which the program is killed by itself.

/// A moment in the program, see `crates/faults`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrashPoint {
    /// Its name there.
    pub name: &'static str,
    /// What makes it come.
    pub by: By,
    /// How often it comes, at least, while that is done.
    pub times: usize,
}

/// What the program is made to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// To follow a stream.
    Stream,
    /// To fetch history.
    History,
    /// To look for what it does not have.
    Question,
    /// To leave a record out.
    Decision,
    /// To end.
    End,
    /// To make its tables.
    Tables,
    /// To keep a message of the relay.
    Message,
    /// To keep an image.
    Image,
    /// To tell followers elsewhere.
    Delivery,
}

const fn point(name: &'static str, by: By, times: usize) -> CrashPoint {
    CrashPoint { name, by, times }
}

/// All of them.
pub const CRASH_POINTS: &[CrashPoint] = &[
    point("ingest.decided", By::Stream, 8),
    point("ingest.before-commit", By::Stream, 8),
    point("ingest.after-commit", By::Stream, 8),
    point("backfill.page-read", By::History, 2),
    point("backfill.page-kept", By::History, 2),
    point("reconcile.before-commit", By::History, 1),
    point("reconcile.after-commit", By::History, 1),
    point("backfill.part-kept", By::History, 1),
    point("readthrough.fetched", By::Question, 1),
    point("decision.before-index", By::Decision, 1),
    point("decision.after-index", By::Decision, 1),
    point("shutdown.before-checkpoint", By::End, 1),
    point("store.migrating", By::Tables, 20),
    point("sync.before-commit", By::Message, 5),
    point("sync.after-commit", By::Message, 5),
    point("blobs.before-name", By::Image, 4),
    point("blobs.after-name", By::Image, 4),
    point("manifest.kept", By::Image, 3),
    point("manifest.stored", By::Image, 3),
    point("write.before-index", By::Image, 5),
    point("manifest.recorded", By::Image, 3),
    point("repos.before-commit", By::Image, 5),
    point("repos.after-commit", By::Image, 5),
    point("federation.before-commit", By::Delivery, 5),
    point("federation.after-commit", By::Delivery, 5),
    point("federation.sent", By::Delivery, 20),
    point("federation.settled", By::Delivery, 5),
];
