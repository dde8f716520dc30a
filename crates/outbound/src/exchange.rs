//! One request to one host and the head of its answer.

use std::time::Instant;

use http::{HeaderMap, StatusCode};
use time::OffsetDateTime;
use url::Url;

use crate::client::Outbound;
use crate::error::{Attempt, Error};
use crate::host::{Host, Place};
use crate::pause;
use crate::response::Response;
use crate::target::{Protocol, Target};
use crate::telemetry;

/// An answer whose body is still to be read; the place at the host is held until then.
pub(crate) struct Answer {
    inner: reqwest::Response,
    _place: Place,
}

/// Checks the URL, waits for a place at the host, sends, and records how the host did.
pub(crate) async fn exchange(
    outbound: &Outbound,
    attempt: &Attempt,
    request: reqwest::Request,
) -> Result<Answer, Error> {
    let target = Target::of(request.url(), Protocol::Http, &outbound.policy)
        .map_err(|reason| Error::Refused { attempt: attempt.clone(), reason })?;
    let host = outbound.host(&target, attempt)?;
    let place = host.enter().await.map_err(|left| Error::backing_off(attempt, left))?;
    match outbound.client(target.transport).execute(request).await {
        Ok(inner) => {
            record(&place.host, inner.status(), inner.headers());
            Ok(Answer { inner, _place: place })
        }
        Err(error) => {
            let error = Error::from_client(attempt.clone(), error);
            if matches!(error, Error::Connect { .. }) {
                place.host.failed(Instant::now(), None);
            }
            Err(error)
        }
    }
}

/// Notes what an answer says about the host: wait a while, or all is well.
pub(crate) fn record(host: &Host, status: StatusCode, headers: &HeaderMap) {
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        let asked = pause::requested(headers, OffsetDateTime::now_utc());
        host.failed(Instant::now(), asked);
    } else {
        host.succeeded();
    }
}

impl Answer {
    pub(crate) fn status(&self) -> StatusCode {
        self.inner.status()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.inner.headers()
    }

    /// Reads the body, giving up at the first byte beyond `max_bytes`.
    ///
    /// What is counted is what comes out of decompression, which works in small pieces: a bomb costs no more than
    /// the limit.
    pub(crate) async fn read(
        mut self,
        attempt: Attempt,
        final_url: Url,
        max_bytes: usize,
    ) -> Result<Response, Error> {
        let too_large = || Error::TooLarge { attempt: attempt.clone(), limit: max_bytes };
        let announced = usize::try_from(self.inner.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
        if announced > max_bytes {
            return Err(too_large());
        }
        // Memory is given for what has come, not for what is announced.
        let mut body = Vec::with_capacity(announced.min(64 << 10));
        while let Some(chunk) = self.chunk(&attempt).await? {
            telemetry::received(chunk.len());
            if chunk.len() > max_bytes - body.len() {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            status: self.inner.status(),
            headers: std::mem::take(self.inner.headers_mut()),
            body: body.into(),
            final_url,
            attempt,
        })
    }

    async fn chunk(&mut self, attempt: &Attempt) -> Result<Option<bytes::Bytes>, Error> {
        let chunk = self.inner.chunk().await;
        chunk.map_err(|error| Error::from_client(attempt.clone(), error))
    }
}
