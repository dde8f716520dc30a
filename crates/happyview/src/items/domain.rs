//! Domains.

use time::OffsetDateTime;

use crate::EncryptionKey;
use crate::plan::{Order, Plan};
use crate::row::{Problem, Row};

pub(crate) const PLAN: Plan = Plan {
    order: &[Order::By("created_at"), Order::By("url")],
    ..Plan::new("domains", &["url", "id", "is_primary", "created_at", "updated_at"])
};

/// A domain that the server answers on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The row id.
    pub id: Option<String>,
    /// Its URL.
    pub url: String,
    /// Whether it stands for the server.
    pub is_primary: bool,
    /// When it was added.
    pub created_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub updated_at: Option<OffsetDateTime>,
}

impl Domain {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        Ok(Self {
            id: row.opt_text("id")?,
            url: row.text("url")?,
            is_primary: row.bool("is_primary", false)?,
            created_at: row.moment("created_at"),
            updated_at: row.moment("updated_at"),
        })
    }
}
