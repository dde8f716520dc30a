//! Labelers.

use time::OffsetDateTime;

use crate::EncryptionKey;
use crate::plan::{Order, Plan};
use crate::row::{Problem, Row};

pub(crate) const PLAN: Plan = Plan {
    order: &[Order::By("did")],
    ..Plan::new("labeler_subscriptions", &["did", "status", "created_at", "updated_at"])
};

/// A labeler that is subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labeler {
    /// Which.
    pub did: String,
    /// Whether it is listened to: only one that says `active` is.
    pub is_active: bool,
    /// When it was added.
    pub created_at: Option<OffsetDateTime>,
    /// When that last changed.
    pub updated_at: Option<OffsetDateTime>,
}

impl Labeler {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        Ok(Self {
            did: row.text("did")?,
            is_active: row.opt_text("status")?.is_none_or(|status| status == "active"),
            created_at: row.moment("created_at"),
            updated_at: row.moment("updated_at"),
        })
    }
}
