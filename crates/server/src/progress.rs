//! How a request's body comes along: time that its client takes is not the handler's, and is bounded by a rule of its own.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
};
use http_body::{Frame, SizeHint};

/// What a body that is still awaited must bring on average, in bytes a second. Without it, a byte now and then would hold a handler,
/// and the memory of what has come already, for as long as a client likes.
const LEAST: u64 = 4096;

/// The clock of one request.
pub(crate) struct Progress {
    started: Instant,
    /// How long the handler may take, and how long a client may send nothing while the handler waits for it.
    limit: Duration,
    body: Mutex<Awaited>,
}

/// What was awaited of a body.
#[derive(Default)]
struct Awaited {
    /// Since when the handler waits for the client, if it does.
    since: Option<Instant>,
    /// How long it did before.
    before: Duration,
    bytes: u64,
}

impl Progress {
    /// Begins to watch the body of a request, if it has one.
    pub(crate) fn watch(request: &mut Request, limit: Duration) -> Arc<Self> {
        let progress = Arc::new(Self { started: Instant::now(), limit, body: Mutex::default() });
        if !request.body().is_end_stream() {
            let body = std::mem::take(request.body_mut());
            *request.body_mut() = Body::new(Watched { body, progress: progress.clone() });
        }
        progress
    }

    /// Until either of them has taken too long.
    pub(crate) async fn exhausted(&self) {
        while let Some(left) = self.left() {
            tokio::time::sleep(left).await;
        }
    }

    /// How long to wait before looking again; nothing if the time is over.
    fn left(&self) -> Option<Duration> {
        let now = Instant::now();
        let body = self.body();
        let waits = body.since.map(|since| now - since);
        let awaited = body.before + waits.unwrap_or_default();
        let left = match waits {
            None => self.limit.checked_sub((now - self.started).saturating_sub(awaited)),
            Some(waits) => {
                let pause = self.limit.checked_sub(waits);
                let pace = self.limit.saturating_add(Duration::from_secs(body.bytes / LEAST));
                pause.zip(pace.checked_sub(awaited)).map(|(pause, pace)| pause.min(pace))
            }
        };
        left.filter(|left| !left.is_zero())
    }

    fn body(&self) -> MutexGuard<'_, Awaited> {
        // No code under the lock panics half-way through a change.
        self.body.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body that says how it comes along.
struct Watched {
    body: Body,
    progress: Arc<Progress>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        let mut awaited = self.progress.body();
        match &polled {
            Poll::Pending => _ = awaited.since.get_or_insert_with(Instant::now),
            Poll::Ready(frame) => {
                if let Some(since) = awaited.since.take() {
                    awaited.before += since.elapsed();
                }
                let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()).and_then(Frame::data_ref);
                awaited.bytes += data.map_or(0, |data| data.len() as u64);
            }
        }
        drop(awaited);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    /// Whoever does not want the rest waits for it no more.
    fn drop(&mut self) {
        let mut awaited = self.progress.body();
        if let Some(since) = awaited.since.take() {
            awaited.before += since.elapsed();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    /// After so many seconds, of which the handler has waited so many for the client, and now for so many.
    fn left(since_start: u64, before: u64, waits: Option<u64>, bytes: u64) -> Option<u128> {
        let ago = |seconds| Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
        let body = Awaited { since: waits.map(ago), before: Duration::from_secs(before), bytes };
        let progress = Progress { started: ago(since_start), limit: LIMIT, body: Mutex::new(body) };
        progress.left().map(|left| left.as_millis().div_ceil(1000))
    }

    #[test]
    fn the_time_of_clients_is_not_that_of_handlers() {
        assert_eq!(left(4, 0, None, 0), Some(6));
        assert_eq!(left(10, 0, None, 0), None);
        assert_eq!(left(1000, 995, None, 0), Some(5), "what the handler waited for is not counted");
        assert_eq!(left(1005, 995, None, 0), None);
    }

    #[test]
    fn a_pause_and_a_dribble_are_bounded() {
        assert_eq!(left(4, 0, Some(4), 0), Some(6));
        assert_eq!(left(10, 0, Some(10), 1 << 40), None, "whatever came before");
        assert_eq!(left(100, 96, Some(1), 100 * LEAST), Some(9), "it keeps its pace");
        assert_eq!(left(100, 96, Some(1), 90 * LEAST), Some(3), "it is nearly too slow");
        assert_eq!(left(100, 96, Some(1), 80 * LEAST), None, "a byte now and then is not enough");
    }
}
