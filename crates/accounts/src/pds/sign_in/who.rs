//! Who is signed in.

use atproto::Did;
use http::{HeaderMap, HeaderValue};

use super::SignIn;
use crate::pds::PdsError;

impl SignIn {
    /// Whether this is somebody who may do more here than anybody.
    pub(in crate::pds) async fn is_user(&self, did: &str) -> Result<bool, PdsError> {
        let Ok(did) = Did::parse(did) else { return Ok(false) };
        Ok(self.parts.users.rights(&did).await?.is_some())
    }

    /// A new cookie for a browser whose token is old enough to be exchanged.
    pub(in crate::pds) async fn rotated(&self, headers: &HeaderMap) -> Result<Option<HeaderValue>, PdsError> {
        let browser_sessions = &self.parts.browser_sessions;
        match browser_sessions.authenticate(headers).await? {
            Some(session) if session.rotation_is_due() => Ok(browser_sessions.rotate(&session).await?),
            _ => Ok(None),
        }
    }
}
