//! Events whose script failed for good.

use time::OffsetDateTime;

use crate::EncryptionKey;
use crate::plan::{Order, Plan};
use crate::row::{Problem, Row};

pub(crate) const PLAN: Plan = Plan {
    order: &[Order::By("id")],
    ..Plan::new(
        "dead_letter_scripts",
        &[
            "id",
            "script_ref",
            "host_kind",
            "host_id",
            "payload",
            "error",
            "attempts",
            "created_at",
            "resolved_at",
        ],
    )
};

/// A dead letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The table it is from and its number there: the same whenever it is read.
    pub id: String,
    /// The trigger of the script.
    pub script_ref: String,
    /// `record` or `label`.
    pub host_kind: String,
    /// Of a record `NSID:action`; of a label the labeler's DID.
    pub host_id: String,
    /// What the script was given, as JSON (spec/appview.md §5.4).
    pub payload: String,
    /// What went wrong at the last try.
    pub error: String,
    /// Tries.
    pub attempts: i64,
    /// When it failed.
    pub created_at: Option<OffsetDateTime>,
    /// When somebody dealt with it.
    pub resolved_at: Option<OffsetDateTime>,
}

impl DeadLetter {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        Ok(Self {
            id: format!("dead_letter_scripts/{}", row.text("id")?),
            script_ref: row.text("script_ref")?,
            host_kind: row.opt_text("host_kind")?.unwrap_or_else(|| "record".to_owned()),
            host_id: row.opt_text("host_id")?.unwrap_or_default(),
            payload: row.text("payload")?,
            error: row.opt_text("error")?.unwrap_or_default(),
            attempts: row.opt_int("attempts")?.unwrap_or_default(),
            created_at: row.moment("created_at"),
            resolved_at: row.happened("resolved_at"),
        })
    }
}
