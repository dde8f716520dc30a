//! A code or a refresh token for tokens.

use atproto::{
    jose::PrivateJwk,
    oauth::{AuthorizationServer, TokenResponse},
};
use http::StatusCode;

use super::{Authorities, post::refusal};
use crate::pds::PdsError;

impl Authorities {
    /// Exchanges a grant. Whether the tokens are for the right account is left to the caller.
    pub(in crate::pds) async fn tokens(
        &self,
        server: &AuthorizationServer,
        key: &PrivateJwk,
        grant: &[(&str, &str)],
    ) -> Result<TokenResponse, PdsError> {
        let answer = self.post(&server.token_endpoint, key, grant).await?;
        if answer.status != StatusCode::OK {
            return Err(refusal(&server.issuer, &answer));
        }
        TokenResponse::parse(&answer.body).map_err(|error| PdsError::document(&server.issuer, &error))
    }
}
