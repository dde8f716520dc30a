//! Records that only scripts have made.

use crate::EncryptionKey;
use crate::plan::{Order, Plan};
use crate::row::{Problem, Row};

pub(crate) const PLAN: Plan =
    Plan { only_null: Some("cid"), order: &[Order::By("uri")], ..Plan::new("records", &["uri", "record"]) };

/// A record without a CID: it is in nobody's repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalRecord {
    /// Its AT URI.
    pub uri: String,
    /// JSON.
    pub record: String,
}

impl LocalRecord {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        Ok(Self { uri: row.text("uri")?, record: row.text("record")? })
    }
}
