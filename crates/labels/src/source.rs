//! A labeler's row in the index: how far it has been followed, and the right to write for it.

use store::{Conn, Row, v};

use crate::Error;

const BY_DID: &str = "SELECT id, epoch, seq FROM label_sources WHERE did = $1";

/// A labeler as the index knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) fence: Fence,
    /// The last message of its stream whose labels are stored.
    pub(crate) seq: Option<i64>,
}

/// What a transaction that writes for a labeler carries: it fails if the labeler has been paused or removed since the
/// fence was taken, whichever instance did it.
///
/// The status of a labeler is in another database, so the order makes this safe: whoever pauses or removes writes the
/// status and then moves the fence; whoever begins takes the fence and then reads the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fence {
    pub(crate) source_id: i64,
    epoch: i64,
}

impl Source {
    /// The row of a labeler, made if it is new.
    pub(crate) fn open(conn: &mut Conn<'_>, did: &str) -> Result<Self, Error> {
        conn.execute("INSERT INTO label_sources (did) VALUES ($1) ON CONFLICT DO NOTHING", &[v(did)])?;
        conn.query_one(BY_DID, &[v(did)], Self::from_row)
    }

    /// The row of a labeler; `None` if it was never followed, or removed.
    pub(crate) fn find(conn: &mut Conn<'_>, did: &str) -> Result<Option<Self>, Error> {
        conn.query_opt(BY_DID, &[v(did)], Self::from_row)
    }

    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Self { fence: Fence { source_id: row.int(0)?, epoch: row.int(1)? }, seq: row.opt_int(2)? })
    }
}

impl Fence {
    /// Moves the cursor to message `seq`, or only checks; [`Error::Interrupted`], to be passed on so that the whole
    /// transaction is undone, if this may not be written any more.
    pub(crate) fn advance(self, conn: &mut Conn<'_>, seq: Option<i64>) -> Result<(), Error> {
        const SQL: &str = "
            UPDATE label_sources SET seq = coalesce($1, seq)
            WHERE id = $2 AND epoch = $3 AND did IS NOT NULL";
        held(conn.execute(SQL, &[v(seq), v(self.source_id), v(self.epoch)])?)
    }

    /// Begins the stream anew: the labeler counts from the beginning again.
    pub(crate) fn rewind(self, conn: &mut Conn<'_>) -> Result<(), Error> {
        const SQL: &str = "
            UPDATE label_sources SET seq = NULL
            WHERE id = $1 AND epoch = $2 AND did IS NOT NULL";
        held(conn.execute(SQL, &[v(self.source_id), v(self.epoch)])?)
    }
}

fn held(updated: u64) -> Result<(), Error> {
    if updated == 1 || faults::mutant!("labels-paused-goes-on") { Ok(()) } else { Err(Error::Interrupted) }
}

/// Ends the transactions that are under way for a labeler.
pub(crate) fn interrupt(conn: &mut Conn<'_>, did: &str) -> Result<(), store::Error> {
    conn.execute("UPDATE label_sources SET epoch = epoch + 1 WHERE did = $1", &[v(did)]).map(drop)
}

/// Takes a labeler's name off its labels: they are gone for every reader, and [swept](crate::collect) afterwards.
pub(crate) fn disown(conn: &mut Conn<'_>, did: &str) -> Result<(), store::Error> {
    let sql = "UPDATE label_sources SET did = NULL, epoch = epoch + 1 WHERE did = $1";
    conn.execute(sql, &[v(did)]).map(drop)
}
