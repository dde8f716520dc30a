//! One key of the document.

use store::Conn;
use time::OffsetDateTime;

use crate::{
    clock::from_micros,
    service::{Fragment, ServiceError},
};

/// A key that the DID document lists. Its private half is sealed and never leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationMethod {
    /// The row id.
    pub id: String,
    /// Its name in the document.
    pub fragment: Fragment,
    /// The public key as a Multikey, `z…`.
    pub public_key: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl VerificationMethod {
    /// The type of all of them, as documents name it.
    pub const KEY_TYPE: &str = "Multikey";

    /// All keys in the order in which they were made.
    pub(crate) fn load(conn: &mut Conn<'_>) -> Result<Vec<Self>, ServiceError> {
        conn.query(
            "SELECT id, fragment_id, public_key_multibase, created_at FROM verification_methods \
             ORDER BY created_at, id",
            &[],
            |row| {
                Ok(Self {
                    id: row.string(0)?,
                    fragment: Fragment::stored(row.string(1)?),
                    public_key: row.string(2)?,
                    created_at: from_micros(row.int(3)?),
                })
            },
        )
    }
}
