//! Bounds on who may follow jobs and what comes in: how many at once, and until when.

use std::sync::Arc;

use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use server::Problem;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// Streams at once. Each holds a connection and asks the database now and then.
const AT_ONCE: usize = 64;

/// The streams of this server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Streams {
    free: Arc<Semaphore>,
    closing: CancellationToken,
}

/// A place among the streams, given back when it is dropped.
pub(crate) struct Place {
    #[expect(dead_code, reason = "dropping it gives the place back")]
    permit: OwnedSemaphorePermit,
    /// Cancelled when the server stops: a stream that went on would hold it up.
    pub(crate) closing: CancellationToken,
}

impl Streams {
    pub(crate) fn new() -> Self {
        Self { free: Arc::new(Semaphore::new(AT_ONCE)), closing: CancellationToken::new() }
    }

    /// Ends every stream when the server stops.
    pub(crate) async fn close_on(self, stop: CancellationToken) {
        stop.cancelled().await;
        self.closing.cancel();
    }

    pub(crate) fn take(&self) -> Result<Place, Problem> {
        let permit = Arc::clone(&self.free).try_acquire_owned().map_err(|_| full())?;
        Ok(Place { permit, closing: self.closing.clone() })
    }
}

fn full() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, format!("{AT_ONCE} streams are open, which is the most"))
        .with_header(RETRY_AFTER, HeaderValue::from_static("10"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_few_and_come_back() {
        let streams = Streams::new();
        let mut places: Vec<Place> = (0..AT_ONCE).map(|_| streams.take().unwrap()).collect();
        assert_eq!(streams.clone().take().err().unwrap().status, StatusCode::SERVICE_UNAVAILABLE);
        places.pop();
        assert!(streams.take().is_ok());
    }
}
