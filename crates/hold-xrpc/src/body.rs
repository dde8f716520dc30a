//! Bytes that are sent.

use std::error::Error;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use tokio::time::timeout;

/// How long a sender may pause.
const PAUSE: Duration = Duration::from_mins(1);

/// The pieces of a body, up to the end or to where its sender says nothing for long.
pub(crate) fn pieces(body: Body) -> impl Stream<Item = Result<Bytes, Box<dyn Error + Send + Sync>>> {
    stream::unfold(Some(body.into_data_stream()), |body| async move {
        let mut body = body?;
        match timeout(PAUSE, body.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(piece))) => {
                metrics::counter!("registry_bytes_received_total").increment(piece.len() as u64);
                Some((Ok(piece), Some(body)))
            }
            Ok(Some(Err(error))) => Some((Err(error.into()), None)),
            Err(_) => Some((Err("nothing came for a minute".into()), None)),
        }
    })
}
