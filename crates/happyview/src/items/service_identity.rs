//! Who the server is to the network.

use time::OffsetDateTime;

use crate::plan::Plan;
use crate::row::{Problem, Row};
use crate::{Closed, EncryptionKey, Plaintext};

pub(crate) const PLAN: Plan = Plan::new(
    "service_identity",
    &[
        "mode",
        "did",
        "signing_key_enc",
        "rotation_key_enc",
        "attached_account_did",
        "setup_complete",
        "created_at",
        "updated_at",
    ],
);

/// The identity, with its keys: P-256 scalars of 32 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceIdentity {
    /// `did_web`, `did_plc`, `attach_account` or `not_exposed`.
    pub mode: String,
    /// The DID that follows from it.
    pub did: Option<String>,
    /// The key whose public half the DID document shows.
    pub signing_key: Option<Result<Plaintext, Closed>>,
    /// The key that owns a `did:plc`.
    pub rotation_key: Option<Result<Plaintext, Closed>>,
    /// The account whose service this is.
    pub attached_account_did: Option<String>,
    /// Whether the setup was declared complete.
    pub setup_complete: bool,
    /// When it was chosen.
    pub created_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub updated_at: Option<OffsetDateTime>,
}

impl ServiceIdentity {
    pub(crate) fn read(row: &Row, key: Option<&EncryptionKey>) -> Result<Self, Problem> {
        Ok(Self {
            mode: row.text("mode")?,
            did: row.opt_text("did")?,
            signing_key: row.secret("signing_key_enc", key),
            rotation_key: row.secret("rotation_key_enc", key),
            attached_account_did: row.opt_text("attached_account_did")?,
            setup_complete: row.bool("setup_complete", false)?,
            created_at: row.moment("created_at"),
            updated_at: row.moment("updated_at"),
        })
    }
}
