//! `POST /v1/connect/github/webhook`: what GitHub reports is written into the log, and has no other effect.

use aws_lc_rs::hmac::{HMAC_SHA256, Key, verify};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use data_encoding::HEXLOWER_PERMISSIVE;
use http::StatusCode;
use serde_json::{Value, json};
use server::{Json, Problem};

use crate::services::Services;

/// Longer words are cut in the log.
const MAX_CHARACTERS: usize = 64;

/// What events of GitHub are signed with.
#[derive(Debug)]
pub struct Webhook(Key);

impl Webhook {
    /// From the secret that GitHub was given.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        Self(Key::new(HMAC_SHA256, secret.as_bytes()))
    }

    /// Whether a body was signed with it: `sha256=` and hexadecimal digits. In the same time for every signature.
    fn has_signed(&self, body: &[u8], signature: &str) -> bool {
        let digits = signature.strip_prefix("sha256=").unwrap_or_default();
        let tag = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).unwrap_or_default();
        verify(&self.0, body, &tag).is_ok()
    }
}

pub(super) async fn webhook(
    State(services): State<Services>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let required = |name: &str| {
        header(name).ok_or_else(|| Problem::bad_request(format!("headers/{name} is missing")).named("Error"))
    };
    let (signature, event) = (required("x-hub-signature-256")?, required("x-github-event")?);
    // Neither is a fault of the server, so it is no problem in its log.
    let Some(webhook) = &services.github.webhook else { return Ok(refused("Webhooks not configured")) };
    if !webhook.has_signed(&body, signature) {
        return Ok(refused("Internal server error"));
    }
    let cut = |word: &str| word.chars().take(MAX_CHARACTERS).collect::<String>();
    let delivery = header("x-github-delivery").unwrap_or_default();
    tracing::info!(
        event = cut(event),
        delivery = cut(delivery),
        bytes = body.len(),
        "GitHub reports something"
    );
    Ok((StatusCode::OK, Json(json!({ "received": true }))))
}

fn refused(words: &str) -> (StatusCode, Json<Value>) {
    (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "error": words })))
}

#[cfg(test)]
mod tests {
    use super::Webhook;

    #[test]
    fn a_signature_is_of_this_body_with_this_secret() {
        // The vector of GitHub's documentation.
        let webhook = Webhook::new("It's a Secret to Everybody");
        let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert!(webhook.has_signed(b"Hello, World!", signature));
        assert!(!webhook.has_signed(b"Hello, World?", signature));
        assert!(!Webhook::new("another").has_signed(b"Hello, World!", signature));
        for other in
            ["", "sha256=", "sha1=00", &signature[7..], &signature[..signature.len() - 2], "sha256=zz"]
        {
            assert!(!webhook.has_signed(b"Hello, World!", other), "{other}");
        }
    }
}
