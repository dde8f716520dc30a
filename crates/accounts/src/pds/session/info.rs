//! A session as lists show it.

use store::Row;
use time::OffsetDateTime;

use crate::clock::from_micros;

/// A session without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    /// The row id.
    pub id: String,
    /// Whose it is.
    pub did: String,
    /// The app that registered it; none if it began on this server's pages.
    pub api_client_id: Option<String>,
    /// The key of the device it was registered for.
    pub dpop_key_id: Option<String>,
    /// The scopes that were granted, separated by spaces.
    pub scopes: String,
    /// When it began.
    pub created_at: OffsetDateTime,
    /// When its tokens last changed.
    pub updated_at: OffsetDateTime,
}

impl SessionInfo {
    pub(super) const COLUMNS: &str = "id, did, api_client_id, dpop_key_id, scopes, created_at, updated_at";

    pub(super) fn read(row: &Row<'_>) -> Result<Self, store::Error> {
        Ok(Self {
            id: row.string(0)?,
            did: row.string(1)?,
            api_client_id: row.opt_text(2)?.map(str::to_owned),
            dpop_key_id: row.opt_text(3)?.map(str::to_owned),
            scopes: row.string(4)?,
            created_at: from_micros(row.int(5)?),
            updated_at: from_micros(row.int(6)?),
        })
    }
}
