//! Asking GitHub.

use http::header::AUTHORIZATION;
use http::{HeaderValue, Method};
use outbound::Redirects;
use serde::Deserialize;
use serde_json::json;

use super::OAuthApp;
use super::denial::Denial;
use super::user::GithubUser;

/// The largest answer, in bytes. A profile has two or three thousand.
const MAX_ANSWER: usize = 64 * 1024;

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

impl OAuthApp {
    /// The token that a code is good for.
    pub(super) async fn exchange(&self, code: &str) -> Result<String, Denial> {
        let asked = json!({ "client_id": self.client_id, "client_secret": self.client_secret, "code": code });
        let url = self.page("/login/oauth/access_token");
        let request = self.outbound.request(Method::POST, &url).accept("application/json");
        let request = request.body("application/json", asked.to_string()).max_bytes(MAX_ANSWER);
        let answer = request.send().await.and_then(|answer| answer.success()?.json::<Answer>());
        let answer = answer.map_err(|error| {
            tracing::warn!(%error, "GitHub did not exchange a code");
            Denial::ServerError
        })?;
        match (answer.error, answer.access_token) {
            (Some(word), _) => Err(Denial::by_github(&word)),
            (None, Some(token)) if !token.is_empty() => Ok(token),
            (None, _) => Err(Denial::ServerError),
        }
    }

    /// Whose token it is.
    pub(super) async fn user(&self, token: &str) -> Result<GithubUser, Denial> {
        let bearer = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| Denial::ServerError)?;
        let request = self.outbound.get(&self.api("/user")).header(AUTHORIZATION, bearer);
        let request = request.accept("application/vnd.github+json").redirects(Redirects::None);
        let answer = request.max_bytes(MAX_ANSWER).send().await;
        let answer = answer.and_then(outbound::Response::success).map_err(|error| {
            tracing::warn!(%error, "GitHub did not say who somebody is");
            Denial::UserFetchFailed
        })?;
        GithubUser::read(&answer.body).ok_or(Denial::UserFetchFailed)
    }
}
