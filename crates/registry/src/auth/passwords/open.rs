//! Beginning a session.

use std::time::Duration;

use atproto::Did;
use http::{HeaderValue, Method, StatusCode, header::AUTHORIZATION};
use outbound::Response;
use serde_json::json;
use url::Url;

use super::grant::{Answer, Grant};
use super::{PasswordError, PdsPasswords};

/// Longest answer.
pub(super) const MAX_BYTES: usize = 64 << 10;

/// A client waits for a login.
const PATIENCE: Duration = Duration::from_secs(15);

impl PdsPasswords {
    /// Asks the PDS of an account whether a password is its own. What the PDS gives for it is kept, under what the password is to be
    /// known by: something that does not tell it, and is another for another.
    pub async fn log_in(&self, did: &Did, pds: &Url, password: &str, id: &str) -> Result<(), PasswordError> {
        let body = json!({ "identifier": did.as_str(), "password": password }).to_string();
        let pds = pds.origin().ascii_serialization();
        let url = method(&pds, "com.atproto.server.createSession")?;
        let request = self.outbound.request(Method::POST, &url).body("application/json", body);
        let answer = request.max_bytes(MAX_BYTES).timeout(PATIENCE).send().await?;
        let grant = match answer.status {
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(PasswordError::Refused);
            }
            _ => granted(answer, did, id.to_owned(), pds)?,
        };
        Ok(self.save(&grant).await?)
    }

    /// New tokens for a refresh token, which is good for one use.
    pub(super) async fn exchange(&self, old: &Grant) -> Result<Grant, PasswordError> {
        let url = method(&old.pds, "com.atproto.server.refreshSession")?;
        let request = self.outbound.request(Method::POST, &url).header(AUTHORIZATION, bearer(&old.refresh)?);
        let answer = request.max_bytes(MAX_BYTES).timeout(PATIENCE).send().await?;
        match answer.status {
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => Err(PasswordError::Ended),
            _ => granted(answer, &old.did, old.id.clone(), old.pds.clone()),
        }
    }
}

/// The tokens of a success. A PDS says nothing about accounts that were not asked about.
fn granted(answer: Response, did: &Did, id: String, pds: String) -> Result<Grant, PasswordError> {
    if answer.status == StatusCode::TOO_MANY_REQUESTS {
        return Err(PasswordError::TooMany);
    }
    let answer: Answer = answer.success()?.json()?;
    if answer.did != *did {
        return Err(PasswordError::Misbehaved("it began a session of another account"));
    }
    Ok(answer.grant(id, pds))
}

/// Where a method of a PDS is.
pub(super) fn method(pds: &str, nsid: &str) -> Result<Url, PasswordError> {
    Url::parse(&format!("{pds}/xrpc/{nsid}")).map_err(|_| PasswordError::Misbehaved("its address is none"))
}

pub(super) fn bearer(token: &str) -> Result<HeaderValue, PasswordError> {
    let header = HeaderValue::try_from(format!("Bearer {token}"));
    let mut header = header.map_err(|_| PasswordError::Misbehaved("its token is none"))?;
    header.set_sensitive(true);
    Ok(header)
}

/// Whether an answer means that the access token is over.
pub(super) fn is_expired(status: StatusCode, body: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Refusal {
        error: String,
    }

    let is_refusal = matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED);
    let error = is_refusal.then(|| serde_json::from_slice::<Refusal>(body).ok()).flatten();
    error.is_some_and(|refusal| matches!(&*refusal.error, "ExpiredToken" | "InvalidToken"))
}
