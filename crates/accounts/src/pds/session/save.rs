//! Storing a session whose first tokens have just come.

use atproto::{Did, jose::PrivateJwk};
use store::{Conn, v};
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use super::{
    PdsSessions,
    row::Sealed,
    tokens::{SealedTokens, Tokens},
};
use crate::{
    clock::{micros_of, now_micros},
    pds::PdsError,
    vault::Purpose,
};

/// Who holds a session here, and so who can end it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A browser that signed in on this server's pages.
    Browser {
        /// The row id of its session.
        session_id: String,
    },
    /// A device on which somebody uses an app.
    Device {
        /// The row id of the app's API client.
        api_client_id: String,
        /// The row id of the key that was made for the device.
        dpop_key_id: String,
    },
}

/// Tokens that were issued for somebody and are known to be theirs.
#[derive(Clone, Debug)]
pub struct NewPdsSession {
    /// Who.
    pub did: Did,
    /// Who holds the session.
    pub holder: Holder,
    /// The OAuth client that the tokens were issued to.
    pub client_id: String,
    /// The authorization server that issued them, an origin.
    pub issuer: String,
    /// The PDS that they are for, an origin.
    pub pds: Url,
    /// The scopes that were granted, separated by spaces.
    pub scopes: String,
    /// The key that the tokens are bound to.
    pub key: PrivateJwk,
    /// A secret.
    pub access_token: String,
    /// A secret. Without it the session ends with the access token.
    pub refresh_token: Option<String>,
    /// When the access token is over, if that is known.
    pub expires_at: Option<OffsetDateTime>,
}

impl PdsSessions {
    /// Stores a session; its row id. A device that registers again for the same account has the same session with new
    /// tokens, and what the old ones were is forgotten without telling anybody: they may be the same.
    pub async fn save(&self, new: NewPdsSession) -> Result<String, PdsError> {
        let NewPdsSession { did, holder, client_id, issuer, pds, scopes, key, .. } = new;
        let tokens = Tokens {
            access_token: new.access_token,
            refresh_token: new.refresh_token,
            expires_at: new.expires_at.map(micros_of),
            scopes,
        };
        let (vault, now) = (self.shared.vault.clone(), now_micros());
        let pds = pds.origin().ascii_serialization();
        let write = move |conn: &mut Conn<'_>| {
            let known = device_session(conn, &holder, did.as_str())?;
            let id = known.unwrap_or_else(|| Uuid::now_v7().to_string());
            let sealed_key = vault.seal(Purpose::DPOP_KEYS, &id, &key.secret().to_scalar())?;
            let SealedTokens { access_token, refresh_token } = tokens.seal(&vault, &id)?;
            let (browser, client, device) = match &holder {
                Holder::Browser { session_id } => (Some(session_id), None, None),
                Holder::Device { api_client_id, dpop_key_id } => {
                    (None, Some(api_client_id), Some(dpop_key_id))
                }
            };
            conn.execute(
                "INSERT INTO pds_sessions AS old (id, did, browser_session_id, api_client_id, dpop_key_id, \
                   client_id, issuer, pds, scopes, dpop_key_enc, access_token_enc, refresh_token_enc, expires_at, \
                   version, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $14) \
                 ON CONFLICT (id) DO UPDATE SET client_id = excluded.client_id, issuer = excluded.issuer, \
                   pds = excluded.pds, scopes = excluded.scopes, dpop_key_enc = excluded.dpop_key_enc, \
                   access_token_enc = excluded.access_token_enc, refresh_token_enc = excluded.refresh_token_enc, \
                   expires_at = excluded.expires_at, version = old.version + 1, refreshing_until = NULL, \
                   updated_at = excluded.updated_at",
                &[
                    v(&id),
                    v(did.as_str()),
                    v(browser),
                    v(client),
                    v(device),
                    v(&client_id),
                    v(&issuer),
                    v(&pds),
                    v(&tokens.scopes),
                    v(&sealed_key),
                    v(&access_token),
                    v(refresh_token.as_ref()),
                    v(tokens.expires_at),
                    v(now),
                ],
            )?;
            Ok(id)
        };
        self.shared.state.write(write).await
    }

    /// Puts the tokens of a refresh in place of those of `version`; whether these were still there.
    pub(super) async fn replace(&self, id: &str, version: i64, tokens: &Tokens) -> Result<bool, PdsError> {
        let SealedTokens { access_token, refresh_token } = tokens.seal(&self.shared.vault, id)?;
        let (id, scopes, expires_at, now) =
            (id.to_owned(), tokens.scopes.clone(), tokens.expires_at, now_micros());
        let replaced = self.shared.state.write(move |conn| {
            conn.execute(
                "UPDATE pds_sessions SET access_token_enc = $3, refresh_token_enc = $4, expires_at = $5, \
                   scopes = $6, version = version + 1, refreshing_until = NULL, updated_at = $7 \
                 WHERE id = $1 AND version = $2",
                &[
                    v(&id),
                    v(version),
                    v(&access_token),
                    v(refresh_token.as_ref()),
                    v(expires_at),
                    v(&scopes),
                    v(now),
                ],
            )
        });
        Ok(replaced.await? > 0)
    }
}

/// The session that a device has for this account already.
fn device_session(conn: &mut Conn<'_>, holder: &Holder, did: &str) -> Result<Option<String>, store::Error> {
    let Holder::Device { api_client_id, dpop_key_id } = holder else { return Ok(None) };
    conn.query_opt(
        "SELECT id FROM pds_sessions WHERE api_client_id = $1 AND did = $2 AND dpop_key_id = $3",
        &[v(api_client_id), v(did), v(dpop_key_id)],
        |row| row.string(0),
    )
}

/// The session with this id, in a transaction.
pub(super) fn load(conn: &mut Conn<'_>, id: &str) -> Result<Option<Sealed>, store::Error> {
    let sql = format!("SELECT {} FROM pds_sessions WHERE id = $1", Sealed::COLUMNS);
    conn.query_opt(&sql, &[v(id)], Sealed::read)
}
