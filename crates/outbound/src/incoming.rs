//! An answer whose body is still coming.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use time::OffsetDateTime;
use tokio::time::Instant;
use url::Url;

use crate::error::{Attempt, Error};
use crate::exchange::Answer;
use crate::pause;
use crate::response::Response;
use crate::telemetry;

/// An answer whose body is still coming, for bodies whose memory is accounted for as it fills. The place at the host is
/// held until this is dropped; dropping it early ends the connection.
pub struct Incoming {
    answer: Answer,
    attempt: Attempt,
    final_url: Url,
    bounds: Bounds,
    /// Bytes that may still come.
    left: usize,
}

/// What one exchange may take.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) max_bytes: usize,
    pub(crate) timeout: Duration,
    pub(crate) deadline: Instant,
}

impl Incoming {
    /// An announced length beyond the bounds is refused before anything is read.
    pub(crate) fn new(
        answer: Answer,
        attempt: Attempt,
        final_url: Url,
        bounds: Bounds,
    ) -> Result<Self, Error> {
        let incoming = Self { answer, attempt, final_url, bounds, left: bounds.max_bytes };
        if incoming.announced() > bounds.max_bytes { Err(incoming.too_large()) } else { Ok(incoming) }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.answer.status()
    }

    /// The headers; `Content-Encoding` and `Content-Length` are gone if the body is decompressed.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }

    /// How long the answer asks to be left alone, or until a limit counts anew: the longer of `Retry-After` and
    /// `RateLimit-Reset`.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        pause::requested(self.headers(), OffsetDateTime::now_utc())
    }

    /// The next piece of the body, decompressed; `None` at its end. The bounds are those of the request.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = tokio::time::timeout_at(self.bounds.deadline, self.answer.chunk(&self.attempt)).await;
        let timeout = || Error::Timeout { attempt: self.attempt.clone(), limit: self.bounds.timeout };
        let Some(chunk) = chunk.map_err(|_| timeout())?? else { return Ok(None) };
        telemetry::received(chunk.len());
        // What is counted is what comes out of decompression, which works in small pieces: a bomb costs no more than the
        // limit.
        let left = self
            .left
            .checked_sub(chunk.len())
            .or(faults::mutant!("outbound-body-without-bound").then_some(0));
        self.left = left.ok_or_else(|| self.too_large())?;
        Ok(Some(chunk))
    }

    /// Reads the rest of the body.
    pub async fn read(mut self) -> Result<Response, Error> {
        // Memory is given for what has come, not for what is announced.
        let mut body = Vec::with_capacity(self.announced().min(64 << 10));
        while let Some(chunk) = self.chunk().await? {
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            status: self.answer.status(),
            headers: self.answer.take_headers(),
            body: body.into(),
            final_url: self.final_url,
            attempt: self.attempt,
        })
    }

    /// Bytes that the body will have, as far as the host says so.
    fn announced(&self) -> usize {
        usize::try_from(self.answer.content_length().unwrap_or(0)).unwrap_or(usize::MAX)
    }

    fn too_large(&self) -> Error {
        Error::TooLarge { attempt: self.attempt.clone(), limit: self.bounds.max_bytes }
    }
}
