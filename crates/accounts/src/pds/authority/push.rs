//! Lodging a request before the user is sent (RFC 9126).

use atproto::{
    jose::PrivateJwk,
    oauth::{AuthorizationServer, PushedRequest},
};
use http::StatusCode;

use super::{Authorities, post::refusal};
use crate::pds::PdsError;

impl Authorities {
    /// Lodges an authorization request; what it is known by.
    pub(in crate::pds) async fn push(
        &self,
        server: &AuthorizationServer,
        key: &PrivateJwk,
        request: &[(&str, &str)],
    ) -> Result<PushedRequest, PdsError> {
        let answer = self.post(&server.pushed_authorization_request_endpoint, key, request).await?;
        if answer.status != StatusCode::CREATED {
            return Err(refusal(&server.issuer, &answer));
        }
        PushedRequest::parse(&answer.body).map_err(|error| PdsError::document(&server.issuer, &error))
    }
}
