//! One session.

use std::sync::Arc;

use store::Row;
use time::OffsetDateTime;

use super::{GRACE, ROTATE_AFTER};
use crate::{Error, clock::from_micros, secret_hash::SecretHash};

/// A browser in which somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserSession {
    /// The row id.
    pub id: Arc<str>,
    /// Who signed in. Not necessarily a user.
    pub did: Arc<str>,
    /// The API client through which they did; `None` for the dashboard's own pages.
    pub client_key: Option<Arc<str>>,
    /// When they signed in.
    pub created_at: OffsetDateTime,
    /// When the session ends if it is not prolonged.
    pub expires_at: OffsetDateTime,
    pub(super) rotated_at: OffsetDateTime,
}

impl BrowserSession {
    pub(super) const COLUMNS: &str = "id, did, client_key, created_at, expires_at, rotated_at, token_hash";

    /// Whether the token is old enough to be exchanged.
    #[must_use]
    pub fn rotation_is_due(&self) -> bool {
        OffsetDateTime::now_utc() - self.rotated_at >= ROTATE_AFTER
    }

    /// A row that one of these hashes led to; `None` if the session or the token is over.
    pub(super) fn read(row: &Row<'_>, presented: SecretHash) -> Result<Option<Self>, Error> {
        let session = Self {
            id: row.text(0)?.into(),
            did: row.text(1)?.into(),
            client_key: row.opt_text(2)?.map(Into::into),
            created_at: from_micros(row.int(3)?),
            expires_at: from_micros(row.int(4)?),
            rotated_at: from_micros(row.int(5)?),
        };
        let now = OffsetDateTime::now_utc();
        let current = row.text(6)? == presented.to_hex() || now - session.rotated_at < GRACE;
        Ok((current && session.is_valid()).then_some(session))
    }

    pub(super) fn is_valid(&self) -> bool {
        OffsetDateTime::now_utc() < self.expires_at
    }
}
