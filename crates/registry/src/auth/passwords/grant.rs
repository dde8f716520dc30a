//! What a PDS gives for a password.

use std::time::Duration;

use accounts::Purpose;
use atproto::Did;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::{Error, PdsPasswords};

/// A session nobody uses is forgotten after this time. Docker logs in whenever it pushes.
const KEPT: Duration = Duration::from_hours(24);

/// The tokens of a session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) did: Did,
    /// What the password that began it is known by.
    pub(super) id: String,
    /// The origin of the PDS.
    pub(super) pds: String,
    pub(super) access: String,
    pub(super) refresh: String,
    /// When the access token is over, in seconds since 1970; nothing if it does not say.
    pub(super) expires_at: Option<i64>,
}

/// What `createSession` and `refreshSession` answer, as far as it counts.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    pub(super) did: Did,
    access_jwt: String,
    refresh_jwt: String,
}

impl Answer {
    pub(super) fn grant(self, id: String, pds: String) -> Grant {
        let expires_at = expiry(&self.access_jwt);
        Grant { did: self.did, id, pds, access: self.access_jwt, refresh: self.refresh_jwt, expires_at }
    }
}

/// When a token says that it is over. It is the PDS's to believe that; here it only saves a request.
fn expiry(token: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct Claims {
        exp: i64,
    }

    let claims = BASE64URL_NOPAD.decode(token.split('.').nth(1)?.as_bytes()).ok()?;
    serde_json::from_slice::<Claims>(&claims).ok().map(|claims| claims.exp)
}

impl PdsPasswords {
    /// What the PDS of an account gave for the password that is known by this.
    pub(super) async fn load(&self, did: &Did, id: &str) -> Result<Option<Grant>, Error> {
        let Some(sealed) = self.cache.get(&key(did, id)).await? else { return Ok(None) };
        let grant = self.vault.unseal(Purpose::REGISTRY_SESSIONS, did.as_str(), &sealed)?;
        let grant: Option<Grant> = serde_json::from_slice(&grant).ok();
        Ok(grant.filter(|grant| grant.did == *did && grant.id == id))
    }

    /// What the password of an account is known by that was used last.
    pub(super) async fn latest(&self, did: &Did) -> Result<Option<String>, Error> {
        let id = self.cache.get(&latest_key(did)).await?;
        Ok(id.and_then(|id| String::from_utf8(id.to_vec()).ok()))
    }

    pub(super) async fn save(&self, grant: &Grant) -> Result<(), Error> {
        let json = serde_json::to_vec(grant).map_err(|error| Error::Asked(error.into()))?;
        let sealed = self.vault.seal(Purpose::REGISTRY_SESSIONS, grant.did.as_str(), &json)?;
        self.cache.set(&key(&grant.did, &grant.id), sealed.into(), KEPT).await?;
        Ok(self.cache.set(&latest_key(&grant.did), grant.id.clone().into(), KEPT).await?)
    }

    pub(super) async fn forget(&self, grant: &Grant) -> Result<(), Error> {
        Ok(self.cache.delete(&key(&grant.did, &grant.id)).await?)
    }
}

fn key(did: &Did, id: &str) -> String {
    format!("registry:pds-session:{did}:{id}")
}

fn latest_key(did: &Did) -> String {
    format!("registry:pds-latest:{did}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_need_not_say_when_it_is_over() {
        let token = |claims: &[u8]| format!("e30.{}.sig", BASE64URL_NOPAD.encode(claims));
        assert_eq!(expiry(&token(br#"{"exp":17,"sub":"x"}"#)), Some(17));
        for other in ["", "opaque", "a.b.c", &token(b"{}"), &token(br#"{"exp":"17"}"#)] {
            assert_eq!(expiry(other), None, "{other}");
        }
    }
}
