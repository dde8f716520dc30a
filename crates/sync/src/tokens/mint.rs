//! Making tokens.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use store::{Conn, v};

use crate::Error;
use crate::id::new_id;

/// Tokens that an account may have; those used longest ago give way.
const MAX_TOKENS: i64 = 1000;

/// How a client came by its token.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// By the account's key.
    Login,
    /// A terminal that a phone approved.
    Terminal,
    /// Another device of the same person.
    Device,
}

impl Origin {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Terminal => "terminal",
            Self::Device => "device",
        }
    }
}

/// A new token of the account, which nobody will see again.
pub(crate) fn mint(
    conn: &mut Conn<'_>,
    account: &str,
    origin: Origin,
    client: Option<&str>,
    now: i64,
) -> Result<String, Error> {
    let id = new_id();
    let token = format!("bv1.{id}.{}", BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>()));
    conn.execute(
        "INSERT INTO sync_tokens (id, account_id, hash, origin, client, created_at, last_used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
        &[v(&id), v(account), v(&hash(&token)), v(origin.name()), v(client), v(now)],
    )?;
    conn.execute(
        "DELETE FROM sync_tokens WHERE account_id = $1 AND id IN (
             SELECT id FROM sync_tokens WHERE account_id = $1 ORDER BY last_used_at DESC, id DESC
             LIMIT 1000000 OFFSET $2
         )",
        &[v(account), v(MAX_TOKENS)],
    )?;
    Ok(token)
}

/// What is kept of a token.
pub(super) fn hash(token: &str) -> String {
    HEXLOWER.encode(digest(&SHA256, token.as_bytes()).as_ref())
}

/// The name of a token's row.
pub(super) fn id_of(token: &str) -> Option<&str> {
    let (id, secret) = token.strip_prefix("bv1.")?.split_once('.')?;
    (id.len() == 25 && secret.len() == 43).then_some(id)
}
