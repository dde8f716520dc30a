//! Following the log (spec/registry.md §4.9).

use std::collections::VecDeque;
use std::time::Duration;

use atproto::firehose;
use bytes::Bytes;
use futures::stream::{self, Stream};
use store::{Conn, v};
use tokio::sync::watch;

use super::{head, oldest};
use crate::{Error, Repos};

/// Messages that are read at once; a large one is read alone.
const AT_ONCE: i64 = 64;
const BYTES_AT_ONCE: usize = 4 << 20;

/// How soon what another instance wrote is noticed.
const POLL: Duration = Duration::from_millis(500);

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its number; the stream's own messages have none.
    pub seq: Option<i64>,
    /// As it is sent.
    pub bytes: Bytes,
}

impl Frame {
    fn own(bytes: Vec<u8>) -> Self {
        Self { seq: None, bytes: bytes.into() }
    }
}

/// A place in the log, from which it is followed.
pub struct Subscription {
    repos: Repos,
    /// The number of the last message that was given out.
    after: i64,
    waiting: VecDeque<Frame>,
    committed: watch::Receiver<i64>,
    ended: bool,
}

impl Repos {
    /// Follows the log from behind a number on, or from now on: every message once, in order, without gaps, whatever restarts
    /// in between.
    ///
    /// A number that does not exist yet ends the stream with `FutureCursor`. If what follows the number is not kept any
    /// more, the stream says `OutdatedCursor` and begins with what is; a subscriber that falls so far behind meanwhile is
    /// cut off with `ConsumerTooSlow`. Of a slow subscriber nothing is held in memory.
    pub async fn subscribe(&self, cursor: Option<i64>) -> Result<Subscription, Error> {
        let committed = self.committed();
        let (head, oldest) =
            self.shared.state.read(|conn| Ok::<_, Error>((head(conn)?, oldest(conn)?))).await?;
        let oldest = oldest.unwrap_or(head + 1);
        let mut subscription = Subscription {
            repos: self.clone(),
            after: head,
            waiting: VecDeque::new(),
            committed,
            ended: false,
        };
        let Some(cursor) = cursor else { return Ok(subscription) };
        if cursor > head {
            subscription.end("FutureCursor", "the cursor is ahead of the stream");
        } else if cursor + 1 < oldest && !faults::mutant!("repos-outdated-cursor-unsaid") {
            let message = "what followed the cursor is not kept any more";
            subscription.waiting.push_back(Frame::own(firehose::info("OutdatedCursor", message)));
            subscription.after = oldest - 1;
        } else {
            subscription.after = cursor.max(0);
        }
        Ok(subscription)
    }
}

impl Subscription {
    /// The next message, however long it takes; `None` when the stream has ended.
    pub async fn next(&mut self) -> Result<Option<Frame>, Error> {
        loop {
            if let Some(frame) = self.waiting.pop_front() {
                self.after = frame.seq.unwrap_or(self.after);
                return Ok(Some(frame));
            }
            if self.ended {
                return Ok(None);
            }
            self.committed.mark_unchanged();
            self.read().await?;
            if !self.waiting.is_empty() {
                continue;
            }
            tokio::select! {
                () = self.repos.shared.closing.cancelled() => self.ended = true,
                () = tokio::time::sleep(POLL) => {}
                _ = self.committed.changed() => {}
            }
        }
    }

    /// The same as a stream of its own.
    pub fn into_stream(self) -> impl Stream<Item = Result<Frame, Error>> + Send {
        stream::unfold(Some(self), |subscription| async {
            let mut subscription = subscription?;
            match subscription.next().await {
                Ok(frame) => frame.map(|frame| (Ok(frame), Some(subscription))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    /// Makes this message the last one.
    pub(crate) fn end(&mut self, name: &str, message: &str) {
        self.waiting.clear();
        self.waiting.push_back(Frame::own(firehose::error(name, message)));
        self.ended = true;
    }

    async fn read(&mut self) -> Result<(), Error> {
        let after = self.after;
        let frames = self.repos.shared.state.read(move |conn| read(conn, after)).await?;
        if frames.front().is_some_and(|first| first.seq > Some(after + 1)) {
            self.end("ConsumerTooSlow", "what comes next is not kept any more");
        } else {
            self.waiting = frames;
        }
        Ok(())
    }
}

fn read(conn: &mut Conn<'_>, after: i64) -> Result<VecDeque<Frame>, Error> {
    // Sizes first: most messages are small, some are not.
    let sizes = "SELECT seq, length(frame) FROM repos_events WHERE seq > $1 ORDER BY seq LIMIT $2";
    let (mut last, mut bytes) = (after, 0_usize);
    for (seq, size) in conn.query(sizes, &[v(after), v(AT_ONCE)], |row| {
        Ok::<_, store::Error>((row.int(0)?, usize::try_from(row.int(1)?).unwrap_or(usize::MAX)))
    })? {
        bytes = bytes.saturating_add(size);
        if last > after && bytes > BYTES_AT_ONCE {
            break;
        }
        last = seq;
    }
    if last == after {
        return Ok(VecDeque::new());
    }
    let frames = "SELECT seq, frame FROM repos_events WHERE seq > $1 AND seq <= $2 ORDER BY seq";
    let frames = conn.query(frames, &[v(after), v(last)], |row| {
        Ok::<_, store::Error>(Frame { seq: Some(row.int(0)?), bytes: Bytes::copy_from_slice(row.blob(1)?) })
    })?;
    Ok(frames.into())
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").field("after", &self.after).finish_non_exhaustive()
    }
}
