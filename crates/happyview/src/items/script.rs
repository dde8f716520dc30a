//! Scripts by trigger.

use time::OffsetDateTime;

use crate::EncryptionKey;
use crate::plan::{Order, Plan};
use crate::row::{Problem, Row};

pub(crate) const PLAN: Plan = Plan {
    order: &[Order::By("id")],
    ..Plan::new("scripts", &["id", "script_type", "body", "description", "created_at", "updated_at"])
};

/// A script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// When it runs.
    pub trigger: String,
    /// The language.
    pub script_type: String,
    /// The source.
    pub body: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was added.
    pub created_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub updated_at: Option<OffsetDateTime>,
}

impl Script {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        Ok(Self {
            trigger: row.text("id")?,
            script_type: row.opt_text("script_type")?.unwrap_or_else(|| "lua".to_owned()),
            body: row.text("body")?,
            description: row.opt_text("description")?,
            created_at: row.moment("created_at"),
            updated_at: row.moment("updated_at"),
        })
    }
}
