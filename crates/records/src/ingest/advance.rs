//! A step of the stream's cursor.

use store::{Conn, Role};

use super::IngestConfig;
use super::firehose::{self, Followed};
use crate::lease::{Lease, LeaseGuard, Position};
use crate::{Error, Gap, Records, gap, now_micros};

/// The stream's row in `cursors`. Positions are times, so they survive a change of server.
const SOURCE: &str = "jetstream";

/// A step of the cursor, taken in the transaction that holds the effects.
#[derive(Clone, Debug)]
pub(crate) struct Advance {
    pub(super) guard: LeaseGuard,
    pub(super) position: Position,
    pub(super) gaps: Vec<Gap>,
    pub(super) followed: Followed,
}

/// Takes the right to follow the stream.
pub(super) async fn lease(records: &Records, config: &IngestConfig) -> Result<Option<Lease>, Error> {
    Lease::acquire(records, SOURCE, &config.instance, Role::Ingest).await
}

/// Moves the cursor and keeps the lease; [`Error::LeaseLost`] undoes the whole transaction.
pub(crate) fn advance(conn: &mut Conn<'_>, advance: &Advance) -> Result<(), Error> {
    for found in &advance.gaps {
        gap::record(conn, found)?;
    }
    firehose::write(conn, &advance.followed, advance.position.time_us)?;
    advance.guard.advance(conn, advance.position)
}

/// A gap of this source.
pub(super) fn found_gap(from_us: i64, to_us: i64, reason: &str) -> Gap {
    Gap {
        id: 0,
        source: SOURCE.to_owned(),
        from_us,
        to_us,
        reason: reason.to_owned(),
        found_at: now_micros(),
        repaired_at: None,
    }
}
