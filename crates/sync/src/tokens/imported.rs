//! Tokens of a server whose accounts were taken over: they go on being good (spec/sync.md §1.2).
//!
//! Such a token says itself whose it is, signed with a key of which the import left the public half here. It is good for
//! accounts that came along and for no others. Used for the first time it gets a row like any other token, by
//! which it is listed and revoked; that it was revoked is remembered, as it would otherwise come again.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde::Deserialize;
use store::{Conn, v};

use crate::Error;

/// Longer ones are none.
const MAX_BYTES: usize = 2048;

/// How far the clocks of two servers may differ, in seconds.
const LEEWAY: i64 = 60;

/// What a token says, and who is to have signed it.
pub(super) struct Signed {
    message: String,
    signature: Vec<u8>,
    pub(super) account: String,
    pub(super) origin: &'static str,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    iss: String,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    exp: Option<i64>,
    /// The request that let a terminal in.
    #[serde(default)]
    session: Option<serde::de::IgnoredAny>,
}

impl Signed {
    /// Reads a token; nothing if it is none, or none of now. Nothing of it is to be believed yet.
    pub(super) fn read(token: &str, now: i64) -> Option<Self> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let mut parts = token.split('.');
        let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let decoded = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).ok();
        let Header { alg } = serde_json::from_slice(&decoded(header)?).ok()?;
        let claims: Claims = serde_json::from_slice(&decoded(claims)?).ok()?;
        let now = now / 1_000_000;
        let is_now = claims.nbf.is_none_or(|nbf| nbf <= now.saturating_add(LEEWAY))
            && claims.exp.is_none_or(|exp| exp > now.saturating_sub(LEEWAY));
        if parts.next().is_some() || alg != "EdDSA" || claims.iss != "handy" || !is_now {
            return None;
        }
        let message = token.rsplit_once('.')?.0.to_owned();
        let origin = if claims.session.is_some() { "terminal" } else { "imported" };
        Some(Self { message, signature: decoded(signature)?, account: claims.sub, origin })
    }

    /// Whether one of the keys that are trusted here has signed it, for an account that came with that trust, and nobody has
    /// revoked it.
    pub(super) fn is_good(&self, conn: &mut Conn<'_>, hash: &str) -> Result<bool, Error> {
        let keys = conn.query("SELECT public_key FROM sync_imported_keys", &[], |row| row.string(0))?;
        let has_signed = |key: &String| {
            let key = HEXLOWER.decode(key.as_bytes()).unwrap_or_default();
            UnparsedPublicKey::new(&ED25519, &key).verify(self.message.as_bytes(), &self.signature).is_ok()
        };
        if !keys.iter().any(has_signed) {
            return Ok(false);
        }
        let found = conn.query_opt(
            "SELECT 1 FROM sync_accounts a WHERE a.id = $1 AND a.imported = 1 AND a.public_key NOT LIKE 'deleted:%'
                 AND NOT EXISTS (SELECT 1 FROM sync_revoked_tokens r WHERE r.hash IN ($2, 'all:' || a.id))",
            &[v(&self.account), v(hash)],
            |row| row.int(0),
        )?;
        Ok(found.is_some())
    }

    /// Gives it a row, if it is still good.
    pub(super) fn adopt(&self, conn: &mut Conn<'_>, hash: &str, now: i64) -> Result<bool, Error> {
        if !self.is_good(conn, hash)? {
            return Ok(false);
        }
        conn.execute(
            "INSERT INTO sync_tokens (id, account_id, hash, origin, created_at, last_used_at)
             VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (id) DO NOTHING",
            &[v(&id(hash)), v(&self.account), v(hash), v(self.origin), v(now)],
        )?;
        Ok(true)
    }
}

/// The name of such a token's row.
pub(super) fn id(hash: &str) -> String {
    format!("j{}", &hash[..hash.len().min(24)])
}

/// Remembers that a token of this name, which has just lost its row, is revoked.
pub(super) fn remember_revoked(conn: &mut Conn<'_>, account: &str, hash: &str) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO sync_revoked_tokens (hash, account_id) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
        &[v(hash), v(account)],
    )?;
    Ok(())
}

/// Remembers that all such tokens of an account are, whatever they are: what is no hash stands for every hash.
pub(super) fn remember_all_revoked(conn: &mut Conn<'_>, account: &str) -> Result<(), Error> {
    conn.execute(
        "INSERT INTO sync_revoked_tokens (hash, account_id)
         SELECT 'all:' || id, id FROM sync_accounts WHERE id = $1 AND imported = 1
         ON CONFLICT (hash) DO NOTHING",
        &[v(account)],
    )?;
    Ok(())
}
