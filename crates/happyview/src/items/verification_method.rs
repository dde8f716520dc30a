//! Further keys of the DID document.

use time::OffsetDateTime;

use crate::plan::{Order, Plan};
use crate::row::{Problem, Row};
use crate::{Closed, EncryptionKey, Plaintext};

pub(crate) const PLAN: Plan = Plan {
    order: &[Order::By("created_at"), Order::By("id")],
    ..Plan::new(
        "verification_methods",
        &["fragment_id", "id", "public_key_multibase", "private_key_enc", "created_at"],
    )
};

/// A key that the document lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationMethod {
    /// The row id.
    pub id: String,
    /// Its name in the document, `#…`.
    pub fragment: String,
    /// Its public half, as the document shows it.
    pub public_key: String,
    /// Its private half: a P-256 scalar of 32 bytes.
    pub private_key: Result<Plaintext, Closed>,
    /// When it was made.
    pub created_at: Option<OffsetDateTime>,
}

impl VerificationMethod {
    pub(crate) fn read(row: &Row, key: Option<&EncryptionKey>) -> Result<Self, Problem> {
        let private_key = row.secret("private_key_enc", key);
        Ok(Self {
            id: row.text("id")?,
            fragment: row.text("fragment_id")?,
            public_key: row.text("public_key_multibase")?,
            private_key: private_key.ok_or_else(|| Problem("its private key is missing".to_owned()))?,
            created_at: row.moment("created_at"),
        })
    }
}
