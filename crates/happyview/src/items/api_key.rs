//! API keys.

use time::OffsetDateTime;

use crate::EncryptionKey;
use crate::plan::{Order, Plan, Related};
use crate::row::{Problem, Row};

pub(crate) const PLAN: Plan = Plan {
    related: &[Related { name: "owner", table: "users", columns: &["did"], by: "id", of: "user_id" }],
    order: &[Order::By("created_at"), Order::By("id")],
    ..Plan::new(
        "api_keys",
        &[
            "name",
            "id",
            "user_id",
            "key_hash",
            "key_prefix",
            "permissions",
            "created_at",
            "last_used_at",
            "revoked_at",
        ],
    )
};

/// A key; the key itself is nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The row id.
    pub id: String,
    /// The DID of its owner.
    pub owner_did: String,
    /// What it is for.
    pub name: String,
    /// SHA-256 of the whole key, in hex.
    pub key_hash: String,
    /// Its first 11 characters.
    pub key_prefix: String,
    /// Names of permissions.
    pub permissions: Vec<String>,
    /// When it was made.
    pub created_at: Option<OffsetDateTime>,
    /// When it was last used.
    pub last_used_at: Option<OffsetDateTime>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<OffsetDateTime>,
}

impl ApiKey {
    pub(crate) fn read(row: &Row, _: Option<&EncryptionKey>) -> Result<Self, Problem> {
        let owner = row.related::<1>("owner")?.into_iter().find_map(|[did]| did);
        Ok(Self {
            id: row.text("id")?,
            owner_did: owner.ok_or_else(|| Problem("it belongs to a user who is not there".to_owned()))?,
            name: row.opt_text("name")?.unwrap_or_default(),
            key_hash: row.text("key_hash")?,
            key_prefix: row.opt_text("key_prefix")?.unwrap_or_default(),
            permissions: row.opt_list("permissions")?.unwrap_or_default(),
            created_at: row.moment("created_at"),
            last_used_at: row.moment("last_used_at"),
            revoked_at: row.happened("revoked_at"),
        })
    }
}
