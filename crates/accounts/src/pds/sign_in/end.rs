//! Signing out.

use http::{HeaderMap, HeaderValue};

use super::SignIn;
use crate::pds::PdsError;

impl SignIn {
    /// Ends a browser's session and the session with the PDS that it began; the value for `Set-Cookie` that makes the
    /// browser forget it. That there is none is no failure.
    pub(in crate::pds) async fn end(&self, headers: &HeaderMap) -> Result<HeaderValue, PdsError> {
        let browser_sessions = &self.parts.browser_sessions;
        if let Some(session) = browser_sessions.authenticate(headers).await? {
            // In this order: what fails halfway can be tried again.
            self.parts.sessions.end_of_browser(&session.id).await?;
            browser_sessions.end(&session.id).await?;
        }
        Ok(browser_sessions.forget_cookie()?)
    }
}
