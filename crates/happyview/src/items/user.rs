//! Users.

use time::OffsetDateTime;

use crate::EncryptionKey;
use crate::plan::{Order, Plan, Related};
use crate::row::{Problem, Row};

pub(crate) const PLAN: Plan = Plan {
    related: &[Related {
        name: "permissions",
        table: "user_permissions",
        columns: &["permission"],
        by: "user_id",
        of: "id",
    }],
    order: &[Order::By("created_at"), Order::By("id")],
    ..Plan::new("users", &["did", "id", "is_super", "created_at", "last_used_at"])
};

/// Somebody who may do more than anybody may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The row id.
    pub id: String,
    /// Who.
    pub did: String,
    /// Whether they may do everything.
    pub is_super: bool,
    /// Names of permissions.
    pub permissions: Vec<String>,
    /// When they were added.
    pub created_at: Option<OffsetDateTime>,
    /// When they were last there.
    pub last_used_at: Option<OffsetDateTime>,
}

impl User {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        let permissions = row.related::<1>("permissions")?;
        Ok(Self {
            id: row.text("id")?,
            did: row.text("did")?,
            is_super: row.bool("is_super", false)?,
            permissions: permissions.into_iter().filter_map(|[permission]| permission).collect(),
            created_at: row.moment("created_at"),
            last_used_at: row.moment("last_used_at"),
        })
    }
}
