//! One request to one host and the head of its answer.

use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use time::OffsetDateTime;

use crate::client::Outbound;
use crate::error::{Attempt, Error};
use crate::host::{Host, Place};
use crate::pause;
use crate::target::{Protocol, Target};

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
        if !faults::mutant!("outbound-pause-not-kept") {
            host.failed(Instant::now(), asked);
        }
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

    pub(crate) fn take_headers(&mut self) -> HeaderMap {
        std::mem::take(self.inner.headers_mut())
    }

    pub(crate) fn content_length(&self) -> Option<u64> {
        self.inner.content_length()
    }

    pub(crate) async fn chunk(&mut self, attempt: &Attempt) -> Result<Option<Bytes>, Error> {
        let chunk = self.inner.chunk().await;
        chunk.map_err(|error| Error::from_client(attempt.clone(), error))
    }
}
