//! One call of a method of a hold, and what its answer means.

use std::time::{Duration, Instant};

use atproto::Did;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Method, StatusCode};
use outbound::{Redirects, RequestBuilder, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::{HoldError, Holds};
use crate::telemetry;

/// Bytes of an answer.
pub(super) const MAX_BYTES: usize = 1 << 20;

/// How long a hold may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Characters of what a hold says that are told on.
const MAX_TEXT: usize = 200;

/// A call being put together.
pub(super) struct Call<'c> {
    hold: &'c Did,
    method: Method,
    url: Url,
    body: Option<&'c Value>,
    token: Option<HeaderValue>,
    patience: Duration,
}

/// How XRPC says no.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refused {
    error: String,
    message: String,
}

impl<'c> Call<'c> {
    pub(super) fn get(hold: &'c Did, url: Url) -> Self {
        Self { hold, method: Method::GET, url, body: None, token: None, patience: PATIENCE }
    }

    pub(super) fn post(hold: &'c Did, url: Url, body: &'c Value) -> Self {
        Self { method: Method::POST, body: Some(body), ..Self::get(hold, url) }
    }

    /// Only whether it is there.
    pub(super) fn head(self) -> Self {
        Self { method: Method::HEAD, ..self }
    }

    pub(super) fn query(mut self, query: &[(&str, &str)]) -> Self {
        self.url.query_pairs_mut().extend_pairs(query);
        self
    }

    /// In whose name.
    pub(super) fn token(self, token: Option<HeaderValue>) -> Self {
        Self { token, ..self }
    }

    pub(super) fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The request: redirects are answers here, because what is shown to a hold is shown to nobody else.
    pub(super) fn request<'o>(&self, holds: &'o Holds) -> RequestBuilder<'o> {
        let mut request = holds.outbound.request(self.method.clone(), &self.url);
        request = request.redirects(Redirects::None).max_bytes(MAX_BYTES).timeout(self.patience);
        if let Some(body) = self.body {
            request = request.body("application/json", body.to_string());
        }
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, token.clone()),
            None => request,
        }
    }
}

impl Holds {
    /// Carries a call out; a success, or why there is none.
    pub(super) async fn send(&self, call: Call<'_>) -> Result<Response, HoldError> {
        let asked = Instant::now();
        let answer = call.request(self).send().await;
        telemetry::hold_answered(asked, answer.as_ref().ok().map(|answer| answer.status));
        let answer = answer.map_err(|error| unreachable(call.hold, &error))?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        Err(refused(call.hold, answer.status, &answer.body))
    }

    /// The same of a method that answers JSON.
    pub(super) async fn json<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, HoldError> {
        let hold = call.hold;
        let answer = self.send(call).await?;
        answer.json().map_err(|_| misbehaved(hold, "it answered something that is not the expected JSON"))
    }
}

/// What it means that there is no answer.
pub(super) fn unreachable(hold: &Did, error: &outbound::Error) -> HoldError {
    let (hold, reason) = (hold.clone(), error.to_string());
    if error.is_transient() || matches!(error, outbound::Error::NoAddress { .. }) {
        HoldError::Unavailable { hold, reason }
    } else {
        HoldError::Misbehaved { hold, reason }
    }
}

pub(super) fn misbehaved(hold: &Did, reason: &str) -> HoldError {
    HoldError::Misbehaved { hold: hold.clone(), reason: reason.to_owned() }
}

/// What an answer means that is no success.
pub(super) fn refused(hold: &Did, status: StatusCode, body: &[u8]) -> HoldError {
    let said: Refused = serde_json::from_slice(body).unwrap_or_default();
    let text = if said.message.is_empty() { &said.error } else { &said.message };
    let text: String = text.chars().filter(|letter| !letter.is_control()).take(MAX_TEXT).collect();
    let reason = if text.is_empty() { status.to_string() } else { text };
    let hold = hold.clone();
    match (&*said.error, status.as_u16()) {
        ("QuotaExceeded", _) => HoldError::Quota { hold, reason },
        ("BlobNotFound" | "RecordNotFound", _) | (_, 404) => HoldError::Missing { hold },
        (_, 401 | 403) => HoldError::Denied { hold, reason },
        (_, 408 | 425 | 429 | 500..) => HoldError::Unavailable { hold, reason },
        _ => HoldError::Misbehaved { hold, reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_hold_says_is_told_on_in_words_that_name_it() {
        let hold = Did::parse("did:web:hold.example").unwrap();
        let said = |status: u16, body: &str| {
            refused(&hold, StatusCode::from_u16(status).unwrap(), body.as_bytes()).to_string()
        };
        let quota = said(400, r#"{"error":"QuotaExceeded","message":"5 of 4 bytes"}"#);
        assert_eq!(quota, "the hold did:web:hold.example has no room for this: 5 of 4 bytes");
        assert_eq!(said(403, r#"{"error":"X"}"#), "the hold did:web:hold.example refuses: X");
        assert!(said(503, "<html>").contains("503"));
        assert!(said(404, "").contains("does not have it"));
        assert!(said(400, r#"{"error":"RecordNotFound"}"#).contains("does not have it"));
        let long = said(403, &format!(r#"{{"message":"{}\u0007"}}"#, "x".repeat(1000)));
        assert!(long.len() < 300 && !long.contains('\u{7}'));
    }
}
