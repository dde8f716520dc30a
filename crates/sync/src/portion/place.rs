//! The memory of large answers, from reading their rows until their clients have taken them.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Error as BodyError;
use axum::body::{Body, Bytes, HttpBody};
use axum::response::{IntoResponse, Response};
use http_body::{Frame, SizeHint};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::Error;

/// What large answers may have together on this instance, in KiB.
const ALL: u32 = 512 * 1024;

/// Bytes of rows that are not worth asking for: nobody waits for them.
const SMALL: i64 = 64 * 1024;

/// How many times its size a row may take: as it is, and as JSON, which makes six bytes of a control character.
const TIMES: i64 = 7;

/// How long an answer waits for others to be taken.
const PATIENCE: Duration = Duration::from_secs(10);

static PLACES: Semaphore = Semaphore::const_new(ALL as usize);

/// Held as long as an answer is in memory.
#[derive(Debug)]
pub(crate) struct Place {
    _permit: Option<SemaphorePermit<'static>>,
}

impl Place {
    /// For rows of so many bytes, as soon as others leave room for them.
    pub(crate) async fn take(bytes: i64) -> Result<Self, Error> {
        Self::take_within(bytes, PATIENCE).await
    }

    async fn take_within(bytes: i64, patience: Duration) -> Result<Self, Error> {
        if bytes <= SMALL {
            return Ok(Self { _permit: None });
        }
        let kib = u32::try_from(bytes.saturating_mul(TIMES) / 1024).unwrap_or(ALL).min(ALL);
        let busy = Error::Busy("Too much is being read at once. Try again in a moment.");
        match timeout(patience, PLACES.acquire_many(kib)).await {
            Ok(Ok(permit)) => Ok(Self { _permit: Some(permit) }),
            Ok(Err(_)) | Err(_) => Err(busy),
        }
    }
}

/// An answer that leaves its place when it has been taken, or nobody takes it any more.
#[derive(Debug)]
pub(crate) struct Laden<T>(pub(crate) T, pub(crate) Place);

impl<T: IntoResponse> IntoResponse for Laden<T> {
    fn into_response(self) -> Response {
        let Self(answer, place) = self;
        answer.into_response().map(|body| Body::new(Held { body, _place: place }))
    }
}

struct Held {
    body: Body,
    _place: Place,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn a_large_answer_keeps_its_place_until_it_is_taken() {
        let (large, half) = (i64::from(ALL) * 1024, i64::from(ALL) * 1024 / TIMES / 2);
        let first = Laden("taken", Place::take(large).await.unwrap()).into_response();
        assert_eq!(first.body().size_hint().exact(), Some(5));
        assert!(matches!(Place::take_within(half, MOMENT).await, Err(Error::Busy(_))));
        Place::take(SMALL).await.unwrap();
        let waiting = tokio::spawn(Place::take(half));
        tokio::task::yield_now().await;
        axum::body::to_bytes(first.into_body(), 5).await.unwrap();
        let (one, two) = (waiting.await.unwrap().unwrap(), Place::take(half).await.unwrap());
        assert!(matches!(Place::take_within(half, MOMENT).await, Err(Error::Busy(_))));
        drop((one, two));
    }
}
