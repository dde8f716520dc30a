//! A session as it is stored, and in the clear.

use std::{fmt, sync::Arc};

use atproto::{Did, jose::PrivateJwk};
use store::Row;
use time::{Duration, OffsetDateTime};
use url::Url;

use super::tokens::{ACCESS, REFRESH};
use crate::{
    Error, Vault,
    clock::{micros, now_micros},
    pds::PdsError,
    vault::Purpose,
};

/// A row of `pds_sessions` as it is.
pub(super) struct Sealed {
    id: String,
    did: String,
    client_id: String,
    issuer: String,
    pds: String,
    scopes: String,
    key: Vec<u8>,
    access_token: Vec<u8>,
    refresh_token: Option<Vec<u8>>,
    expires_at: Option<i64>,
    pub(super) version: i64,
    updated_at: i64,
}

/// A session with its secrets in the clear; never printed.
#[derive(Clone)]
pub(in crate::pds) struct Grant {
    pub(in crate::pds) id: Arc<str>,
    pub(in crate::pds) did: Did,
    pub(in crate::pds) client_id: String,
    pub(in crate::pds) issuer: String,
    pub(in crate::pds) pds: Url,
    pub(in crate::pds) scopes: String,
    pub(in crate::pds) key: PrivateJwk,
    pub(in crate::pds) access_token: String,
    pub(in crate::pds) refresh_token: Option<String>,
    /// Microseconds; of the access token, if known.
    pub(super) expires_at: Option<i64>,
    /// Counts the token sets of the session.
    pub(super) version: i64,
    /// Microseconds; when these tokens came.
    pub(super) updated_at: i64,
}

impl Sealed {
    pub(super) const COLUMNS: &str = "id, did, client_id, issuer, pds, scopes, dpop_key_enc, access_token_enc, \
         refresh_token_enc, expires_at, version, updated_at";

    pub(super) fn read(row: &Row<'_>) -> Result<Self, store::Error> {
        Ok(Self {
            id: row.string(0)?,
            did: row.string(1)?,
            client_id: row.string(2)?,
            issuer: row.string(3)?,
            pds: row.string(4)?,
            scopes: row.string(5)?,
            key: row.blob(6)?.to_vec(),
            access_token: row.blob(7)?.to_vec(),
            refresh_token: row.opt_blob(8)?.map(<[u8]>::to_vec),
            expires_at: row.opt_int(9)?,
            version: row.int(10)?,
            updated_at: row.int(11)?,
        })
    }

    pub(super) fn open(self, vault: &Vault) -> Result<Grant, PdsError> {
        let corrupt = || Error::Sealed { purpose: "pds session", row_id: self.id.clone() };
        let scalar = vault.unseal(Purpose::DPOP_KEYS, &self.id, &self.key)?;
        let scalar: [u8; 32] = scalar.try_into().map_err(|_| corrupt())?;
        let text = |part: &str, sealed: &[u8]| {
            vault.unseal_text(Purpose::PDS_TOKENS, &format!("{}{part}", self.id), sealed)
        };
        Ok(Grant {
            did: Did::parse(&self.did).map_err(|_| corrupt())?,
            pds: Url::parse(&self.pds).map_err(|_| corrupt())?,
            key: PrivateJwk::from_scalar(&scalar).map_err(|_| corrupt())?,
            access_token: text(ACCESS, &self.access_token)?,
            refresh_token: self.refresh_token.as_deref().map(|sealed| text(REFRESH, sealed)).transpose()?,
            id: self.id.as_str().into(),
            client_id: self.client_id,
            issuer: self.issuer,
            scopes: self.scopes,
            expires_at: self.expires_at,
            version: self.version,
            updated_at: self.updated_at,
        })
    }
}

impl Grant {
    /// Whether the access token will be over by then.
    pub(super) fn expires_within(&self, time: Duration) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now_micros().saturating_add(micros(time)))
    }

    /// How long these tokens have been here.
    pub(super) fn age(&self) -> Duration {
        OffsetDateTime::now_utc() - crate::clock::from_micros(self.updated_at)
    }

    /// What ends the session at the authorization server.
    pub(super) fn revocable_token(&self) -> &str {
        self.refresh_token.as_deref().unwrap_or(&self.access_token)
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("id", &self.id)
            .field("did", &self.did)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
