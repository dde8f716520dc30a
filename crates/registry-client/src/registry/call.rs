//! One request, asked again where that may help.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, StatusCode, header::AUTHORIZATION};
use outbound::{Incoming, RequestBuilder};
use url::Url;

use super::{Challenge, Registry};
use crate::{Error, limits};

/// How often something is asked again that may work in a moment.
const TRIES: u32 = 5;

/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_secs(30);

/// What is asked for.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) url: Url,
    /// What a token must be good for.
    pub(super) scopes: Vec<String>,
    pub(super) accept: Option<&'static str>,
    pub(super) content_type: Option<HeaderValue>,
    pub(super) body: Bytes,
    /// Bytes of the answer at most.
    pub(super) most: usize,
    pub(super) timeout: Duration,
}

impl Call {
    pub(super) fn new(method: Method, url: Url, scopes: Vec<String>) -> Self {
        let (accept, content_type, body) = (None, None, Bytes::new());
        let (most, timeout) = (limits::PAGE_BYTES, limits::ANSWER);
        Self { method, url, scopes, accept, content_type, body, most, timeout }
    }
}

impl Registry {
    /// Asks, with a token if it takes one. Any status but 401 is an answer, and so is 401 if there is nothing more to show.
    pub(super) async fn ask(&self, call: &Call) -> Result<Incoming, Error> {
        let answer = patiently(|| self.request(call)).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        // Each challenge may have a header of its own.
        let mut challenges = answer.headers().get_all(WWW_AUTHENTICATE).iter();
        let challenge = challenges.find_map(|value| Challenge::parse(value.to_str().ok()?));
        match challenge {
            Some(challenge) if self.authorize(&challenge, &call.scopes).await? => {
                Ok(patiently(|| self.request(call)).await?)
            }
            _ => Ok(answer),
        }
    }

    fn request(&self, call: &Call) -> RequestBuilder<'_> {
        let mut request = self.outbound.request(call.method.clone(), &call.url);
        request = request.max_bytes(call.most).timeout(call.timeout);
        if let Some(value) = self.authorization(&call.scopes) {
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(accept) = call.accept {
            request = request.header(ACCEPT, HeaderValue::from_static(accept));
        }
        if let Some(media_type) = &call.content_type {
            request = request.header(CONTENT_TYPE, media_type.clone());
        }
        request.bytes(call.body.clone())
    }
}

/// Asks again where that may work in a moment.
pub(super) async fn patiently<'o>(
    request: impl Fn() -> RequestBuilder<'o>,
) -> Result<Incoming, outbound::Error> {
    let mut tries = 0;
    loop {
        let wait = match request().open().await {
            Ok(answer) if is_passing(answer.status()) && tries < TRIES => answer.retry_after(),
            Err(error) if error.is_transient() && tries < TRIES => error.retry_after(),
            outcome => return outcome,
        };
        tries += 1;
        let wait = wait.unwrap_or(Duration::from_millis(100 << tries)).min(LONGEST);
        tokio::time::sleep(wait).await;
    }
}

fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}
