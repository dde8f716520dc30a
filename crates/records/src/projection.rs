//! Tables derived from records, kept in the records' own transaction.

use atproto::Nsid;
use store::Conn;

/// Keeps tables of an app in step with the records they are derived from, so that a write is visible to the next
/// read. Its tables belong to the tier of the index and can be rebuilt with it.
pub trait Projection: Send + Sync {
    /// The collections it derives from.
    fn collections(&self) -> &[Nsid];

    /// Whether it wants to be told of what changes in a collection. One whose collections are decided while the server
    /// runs says so here.
    fn concerns(&self, collection: &str) -> bool {
        self.collections().iter().any(|nsid| nsid.as_str() == collection)
    }

    /// Applies what changed to its tables, in the transaction that changes the records.
    fn apply(&self, conn: &mut Conn<'_>, effects: &[Effect<'_>]) -> Result<(), store::Error>;
}

/// The difference a transaction makes to one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect<'a> {
    /// The repository.
    pub did: &'a str,
    /// The collection within it.
    pub collection: &'a str,
    /// The record within that.
    pub rkey: &'a str,
    /// `record_rows.id`, stable as long as the row lives.
    pub record_id: i64,
    /// JSON before, if the record was there.
    pub before: Option<&'a str>,
    /// JSON after, if the record is there.
    pub after: Option<&'a str>,
    /// `record_rows.created_at` before, in microseconds.
    pub made_before: i64,
    /// The same after.
    pub made_after: i64,
}
