//! Where a server that was not followed so far has what came after a moment.
//!
//! Its numbers are its own, but its messages say when they were sent; so that moment is looked for as a word is in a dictionary, with one
//! connection and one message for each step.

use std::time::Duration;

use atproto::event_stream::micros;
use atproto::firehose::Frame;
use futures::StreamExt;
use outbound::tungstenite::Message;
use url::Url;

use super::session::open;
use crate::ingest::consumer::Consumer;

/// How much earlier than the moment is early enough: servers pass things on with some delay, each with its own.
const REWIND_US: i64 = 300_000_000;

/// When it is near enough: what lies between comes once more.
const NEAR_US: i64 = 30_000_000;

/// Steps at most: more than halving the numbers of ten years takes.
const MAX_STEPS: usize = 64;

/// How long the first message may take; a server that has one sends it at once.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a connection begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Begin {
    /// The number of the last message that is not wanted; `None` for whatever comes from now on.
    pub(super) cursor: Option<i64>,
    /// The server has forgotten what came after this time in microseconds.
    pub(super) forgotten: Option<i64>,
}

/// The last message that is surely before what came after `time_us` of another server.
pub(super) async fn seek(consumer: &Consumer, url: &Url, time_us: i64) -> Result<Begin, String> {
    let wanted = time_us - REWIND_US;
    let Some((mut low, first)) = first_after(consumer, url, Some(0)).await? else {
        // It has nothing yet.
        return Ok(Begin { cursor: Some(0), forgotten: None });
    };
    if first >= wanted {
        let forgotten = (first > time_us).then_some(time_us);
        return Ok(Begin { cursor: Some(0), forgotten });
    }
    let Some((mut high, _)) = first_after(consumer, url, None).await? else {
        // So quiet that everything it has may come again.
        return Ok(Begin { cursor: Some(low), forgotten: None });
    };
    for _ in 0..MAX_STEPS {
        let middle = low + (high - low) / 2;
        if middle <= low {
            break;
        }
        match first_after(consumer, url, Some(middle)).await? {
            Some((seq, time)) if time < wanted => {
                low = seq.max(middle);
                if wanted - time < NEAR_US {
                    break;
                }
            }
            _ => high = middle,
        }
    }
    Ok(Begin { cursor: Some(low), forgotten: None })
}

/// The number and the time of the first message after `cursor`; `None` if there is none for a while.
async fn first_after(
    consumer: &Consumer,
    url: &Url,
    cursor: Option<i64>,
) -> Result<Option<(i64, i64)>, String> {
    let mut socket = open(consumer, url, cursor).await?;
    let first = async {
        while let Some(message) = socket.next().await {
            let Message::Binary(message) = message.map_err(|error| error.to_string())? else { continue };
            let Ok(frame) = Frame::decode(&message) else { continue };
            if let Frame::Error { error, .. } = &frame {
                // The newest is before that.
                return if error == "FutureCursor" { Ok(None) } else { Err(error.clone()) };
            }
            if let (Some(seq), Some(time)) = (frame.seq(), frame.time().and_then(micros)) {
                return Ok(Some((seq, time)));
            }
        }
        Ok(None)
    };
    tokio::time::timeout(PATIENCE, first).await.unwrap_or(Ok(None))
}
