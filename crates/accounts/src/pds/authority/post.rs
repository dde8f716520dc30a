//! A form for an authorization server.

use atproto::{
    jose::PrivateJwk,
    oauth::{Challenge, ErrorAnswer},
};
use http::{HeaderMap, Method, StatusCode, header::WWW_AUTHENTICATE};
use outbound::Response;
use url::{Url, form_urlencoded};

use super::{Authorities, MAX_BYTES};
use crate::pds::{PdsError, proof};

impl Authorities {
    /// Sends a form with a proof of `key`, a second time if the server wants its nonce in the proof.
    pub(super) async fn post(
        &self,
        endpoint: &str,
        key: &PrivateJwk,
        form: &[(&str, &str)],
    ) -> Result<Response, PdsError> {
        let url = Url::parse(endpoint).map_err(|_| PdsError::misbehaved(endpoint, "it is not a URL"))?;
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let first = self.post_once(&url, key, body.clone()).await?;
        if self.nonces.learn(&url, &first.headers) && wants_nonce(&first) {
            let second = self.post_once(&url, key, body).await?;
            self.nonces.learn(&url, &second.headers);
            return Ok(second);
        }
        Ok(first)
    }

    async fn post_once(&self, url: &Url, key: &PrivateJwk, body: String) -> Result<Response, PdsError> {
        let nonce = self.nonces.of(url);
        let proof = proof::header(key, &Method::POST, url, nonce.as_deref(), None)?;
        let request = self.outbound.request(Method::POST, url).accept("application/json");
        let request = request.body("application/x-www-form-urlencoded", body).header(proof::DPOP, proof);
        Ok(request.max_bytes(MAX_BYTES).send().await?)
    }
}

/// Whether an answer asks for the same request with the nonce that it brings.
fn wants_nonce(answer: &Response) -> bool {
    error_code(answer.status, &answer.headers, &answer.body).as_deref() == Some(ErrorAnswer::USE_DPOP_NONCE)
}

/// Why a request was refused: by the challenge, else by the body.
pub(in crate::pds) fn error_code(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<String> {
    if !matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) {
        return None;
    }
    let values = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let challenged = values.filter_map(Challenge::parse).find_map(|challenge| challenge.error);
    challenged.or_else(|| ErrorAnswer::parse(body).ok().map(|answer| answer.error))
}

/// What an authorization server said that did not do what it was asked to.
pub(super) fn refusal(server: &str, answer: &Response) -> PdsError {
    let server = server.to_owned();
    match ErrorAnswer::parse(&answer.body) {
        Ok(ErrorAnswer { error, description }) if answer.status.is_client_error() => {
            PdsError::Refused { server, error, description }
        }
        _ => PdsError::misbehaved(server, format!("it answered {}", answer.status.as_u16())),
    }
}
