//! Tokens that show a service in whose name it is asked (spec/registry.md §4.3).

use std::time::Duration;

use accounts::pds::PdsCall;
use atproto::service_auth::ServiceToken;
use atproto::{Did, Nsid};
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;

use super::{AuthorError, Authors};

/// What a PDS is asked.
const METHOD: &str = "com.atproto.server.getServiceAuth";

#[derive(Deserialize)]
struct Answer {
    token: String,
}

impl Authors {
    /// A token for one method of a service, and how long it is good: signed here for whoever is at home here, and by their PDS, with
    /// the session of their login, for everybody else.
    pub(crate) async fn service_token(
        &self,
        user: &Did,
        service: &Did,
        lxm: &str,
        life: Duration,
    ) -> Result<(String, Duration), AuthorError> {
        let method = Nsid::parse(lxm).map_err(|_| AuthorError::NoToken)?;
        let (now, seconds) = (clock::now_micros() / 1_000_000, i64::try_from(life.as_secs()).unwrap_or(60));
        let exp = now + seconds;
        if self.is_hosted(user) {
            let token = self.repos.service_token(user, service, &method, exp);
            return Ok((token.map_err(AuthorError::Hosted)?, life));
        }
        let exp = exp.to_string();
        let query = [("aud", service.as_str()), ("lxm", lxm), ("exp", &exp)];
        let (status, body): (StatusCode, Bytes) =
            match self.passwords.session(user).await.map_err(AuthorError::Auth)? {
                Some(session) => {
                    let answer = session.query(METHOD, &query).await.map_err(AuthorError::Password)?;
                    if !answer.status.is_success() {
                        return Err(AuthorError::refused(&answer));
                    }
                    (answer.status, answer.body)
                }
                None => {
                    let session = self.sessions.of_account(user).await.map_err(AuthorError::Session)?;
                    let method = Nsid::parse(METHOD).map_err(|_| AuthorError::NoToken)?;
                    let call = query
                        .iter()
                        .fold(PdsCall::query(method), |call, (name, value)| call.param(name, value));
                    let answer = session.call(&call).await.map_err(AuthorError::Session)?;
                    (answer.status, answer.body)
                }
            };
        let answer: Option<Answer> = serde_json::from_slice(&body).ok();
        let answer = answer.filter(|_| status.is_success()).ok_or(AuthorError::NoToken)?;
        let token = ServiceToken::parse(&answer.token).map_err(|_| AuthorError::NoToken)?;
        let left = token.exp.saturating_sub(now).clamp(0, seconds);
        Ok((answer.token, Duration::from_secs(left.unsigned_abs())))
    }
}
