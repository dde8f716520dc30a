//! The key that this registry signs with: made when it first starts, and the same on every instance.

use accounts::{Purpose, Vault};
use atproto::jose::PrivateJwk;
use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use store::{Conn, Database, v};

use super::Error;

/// The row it is in.
const ROW: &str = "tokens";

/// Longest text that is taken for a token; one for thirty-two repositories with long names has half of it.
const MAX_BYTES: usize = 32 << 10;

/// What a signed text is for. One is never taken for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Shown with requests.
    Access,
    /// Shown for another of the first kind.
    Refresh,
}

pub(super) struct SigningKey {
    jwk: PrivateJwk,
    /// The first parts of all tokens, encoded: a text that begins otherwise is none of ours, whatever it claims to be.
    headers: [String; 2],
}

impl SigningKey {
    /// The key that is kept in the database, sealed; a new one if there is none yet.
    pub(super) async fn open(state: &Database, vault: &Vault) -> Result<Self, Error> {
        let sealed = match state.read(stored).await? {
            Some(sealed) => sealed,
            None => {
                let scalar = PrivateJwk::generate().secret().to_scalar();
                let sealed = vault.seal(Purpose::REGISTRY_KEY, ROW, &scalar)?;
                state.write(move |conn| keep(conn, &sealed)).await?
            }
        };
        let scalar = vault.unseal(Purpose::REGISTRY_KEY, ROW, &sealed)?;
        let scalar = scalar.as_slice().try_into().map_err(|_| Error::Key)?;
        Ok(Self::of(PrivateJwk::from_scalar(scalar).map_err(|_| Error::Key)?))
    }

    pub(super) fn of(jwk: PrivateJwk) -> Self {
        let kid = jwk.public().thumbprint();
        let headers = ["JWT", "refresh+jwt"].map(|typ| {
            BASE64URL_NOPAD.encode(json!({ "alg": "ES256", "kid": kid, "typ": typ }).to_string().as_bytes())
        });
        Self { jwk, headers }
    }

    /// A JSON Web Token of these claims.
    pub(super) fn sign(&self, kind: Kind, claims: &[u8]) -> String {
        let mut token = format!("{}.{}", self.header(kind), BASE64URL_NOPAD.encode(claims));
        let signature = self.jwk.secret().sign(token.as_bytes());
        token.push('.');
        BASE64URL_NOPAD.encode_append(&signature, &mut token);
        token
    }

    /// The claims of a token that this key has signed, of this kind.
    pub(super) fn open_token(&self, kind: Kind, token: &str) -> Option<Vec<u8>> {
        if token.len() > MAX_BYTES {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let claims = signed.strip_prefix(self.header(kind))?.strip_prefix('.')?;
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
        self.jwk.public().verify(signed.as_bytes(), &signature).ok()?;
        BASE64URL_NOPAD.decode(claims.as_bytes()).ok()
    }

    /// A key for keyed hashes that no one else can make, on all instances the same.
    pub(super) fn derived(&self, purpose: &str) -> hmac::Key {
        let own = hmac::Key::new(hmac::HMAC_SHA256, &self.jwk.secret().to_scalar());
        hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&own, purpose.as_bytes()).as_ref())
    }

    fn header(&self, kind: Kind) -> &str {
        match kind {
            Kind::Access => &self.headers[0],
            Kind::Refresh => &self.headers[1],
        }
    }
}

fn stored(conn: &mut Conn<'_>) -> Result<Option<Vec<u8>>, store::Error> {
    conn.query_opt("SELECT sealed FROM registry_keys WHERE name = $1", &[v(ROW)], |row| {
        Ok(row.blob(0)?.to_vec())
    })
}

/// Keeps a new key unless another instance was quicker; the one that is kept.
fn keep(conn: &mut Conn<'_>, sealed: &[u8]) -> Result<Vec<u8>, store::Error> {
    conn.execute(
        "INSERT INTO registry_keys (name, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
        &[v(ROW), v(sealed), v(clock::now_micros())],
    )?;
    conn.query_one("SELECT sealed FROM registry_keys WHERE name = $1", &[v(ROW)], |row| {
        Ok(row.blob(0)?.to_vec())
    })
}
