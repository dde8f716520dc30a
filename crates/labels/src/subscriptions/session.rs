//! One connection to a labeler, from its handshake to its end.

use std::sync::Arc;
use std::time::Duration;

use atproto::Did;
use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use outbound::tungstenite::Message;
use outbound::{WebSocket, WebSocketOptions};
use records::Lease;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::batch::{Batch, StreamEnd};
use super::follow::{RENEW, Reporter, keeping, pause, renew};
use crate::commit::Commit;
use crate::endpoint::Endpoint;
use crate::source::Source;
use crate::trust::{self, TrustError, Verdict};
use crate::write::Origin;
use crate::{Error, LabelsParts, telemetry};
use atproto::label::{MAX_FRAME_BYTES, SignedLabel};

/// A labeler may have nothing to say for days, so that it is pinged when it is silent for this long.
const PING: Duration = Duration::from_secs(30);

/// A connection that is silent for longer, answers to pings included, is dead.
const SILENCE: Duration = Duration::from_secs(90);

/// Between two times that a labeler is given the benefit of the doubt: one that always signs wrongly is not to wait each
/// time.
const DOUBT: Duration = Duration::from_mins(10);

/// Why a session ended.
pub(super) enum End {
    /// The server stops, or the labeler is no longer to be followed.
    Stopped,
    /// The connection could not be made or broke.
    Disconnected(String),
}

/// One connection after the other, and what they are made for.
pub(super) struct Session<'s> {
    pub(super) parts: &'s LabelsParts,
    pub(super) did: &'s Did,
    pub(super) lease: &'s Lease,
    /// What is committed.
    pub(super) source: Source,
    /// Whether a message came on this connection.
    pub(super) heard: bool,
    /// When labels were last looked at twice.
    pub(super) looked_again: Option<Instant>,
}

impl Session<'_> {
    /// Connects and reads until something ends it. Errors are those of the lease, the fence and the database.
    pub(super) async fn run(
        &mut self,
        reporter: &mut Reporter<'_>,
        stop: &CancellationToken,
    ) -> Result<End, Error> {
        let connected = tokio::select! {
            () = stop.cancelled() => return Ok(End::Stopped),
            connected = keeping(self.lease, Box::pin(async { Ok(self.connect().await) })) => connected,
        };
        let socket = match connected? {
            Ok(socket) => socket,
            Err(reason) => return Ok(End::Disconnected(reason)),
        };
        let _connected = telemetry::Connected::new();
        tracing::info!(labeler = %self.did, cursor = ?self.source.seq, "labeler.connected");
        reporter.report(true, None);
        self.read(socket, stop).await
    }

    async fn connect(&self) -> Result<WebSocket, String> {
        let identity = self.parts.resolver.resolve_did(self.did).await.map_err(|error| error.to_string())?;
        let endpoint = Endpoint::of(&identity)
            .ok_or("its DID document names neither a labeler nor a PDS; pause or remove it")?;
        let options = WebSocketOptions {
            max_frame: MAX_FRAME_BYTES,
            max_message: MAX_FRAME_BYTES,
            ..Default::default()
        };
        let url = endpoint.subscribe(self.source.seq.unwrap_or(0));
        let connected = self.parts.outbound.websocket(&url, options).await;
        if connected.is_err() {
            // It may have moved.
            let _ = self.parts.resolver.refresh(self.did).await;
        }
        connected.map_err(|error| error.to_string())
    }

    async fn read(&mut self, mut socket: WebSocket, stop: &CancellationToken) -> Result<End, Error> {
        let mut renewal = interval(RENEW);
        renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut last_heard, mut last_pinged, mut informed) = (Instant::now(), Instant::now(), false);
        loop {
            let next = tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(End::Stopped),
                // Before the stream, which may never pause.
                now = renewal.tick() => {
                    renew(self.lease).await?;
                    if last_heard.elapsed() > SILENCE {
                        return Ok(End::Disconnected("nothing was heard for a minute and a half".into()));
                    }
                    if last_heard.max(last_pinged).elapsed() > PING {
                        last_pinged = now;
                        // One that fails shows in the next read.
                        let _ = socket.send(Message::Ping(Bytes::new())).await;
                    }
                    continue;
                }
                next = socket.next() => next,
            };
            last_heard = Instant::now();
            let batch = Batch::gather(&mut socket, next, self.source.seq);
            if let Some(info) = batch.info.as_ref().filter(|_| !std::mem::replace(&mut informed, true)) {
                tracing::warn!(labeler = %self.did, info, "a labeler says something about its stream");
            }
            // Hooks and signatures may take their time. Boxed, because their state is large.
            if let Some(end) = keeping(self.lease, Box::pin(self.handle(batch, stop))).await? {
                return Ok(end);
            }
        }
    }

    /// Stores a batch; how the session ends, if it does.
    async fn handle(&mut self, batch: Batch, stop: &CancellationToken) -> Result<Option<End>, Error> {
        if let Some(seq) = batch.seq {
            self.heard = true;
            let verdict = match self.judge(&Arc::new(batch.labels), stop).await {
                Ok(verdict) => verdict,
                // Asked for again after the pause.
                Err(error) => return Ok(Some(End::Disconnected(error.to_string()))),
            };
            // What was judged in a hurry is judged again after the restart.
            if stop.is_cancelled() {
                return Ok(Some(End::Stopped));
            }
            let commit = Commit {
                labeler: self.did.clone(),
                fence: self.source.fence,
                origin: Origin::Stream,
                lease: Some(self.lease.guard()),
            };
            if !commit.run(self.parts, verdict.admitted(), Some(seq), stop).await? {
                return Ok(Some(End::Stopped));
            }
            self.source.seq = Some(seq);
        }
        match batch.end {
            None => Ok(None),
            Some(StreamEnd::Broken(reason)) => Ok(Some(End::Disconnected(reason))),
            Some(StreamEnd::FutureCursor) => {
                self.rewind().await?;
                Ok(Some(End::Disconnected("it counts from the beginning again; so do we".into())))
            }
        }
    }

    /// What a labeler says right after it has changed its key comes before the news of the key; refused, it would never
    /// come again.
    async fn judge(
        &mut self,
        labels: &Arc<Vec<SignedLabel>>,
        stop: &CancellationToken,
    ) -> Result<Verdict, TrustError> {
        let verdict = trust::judge(&self.parts.resolver, self.did, labels).await?;
        let trusting = self.looked_again.is_none_or(|last| last.elapsed() > DOUBT);
        if !verdict.depends_on_the_key() || !trusting {
            return Ok(verdict);
        }
        pause(self.parts.config.second_look, stop).await;
        self.looked_again = Some(Instant::now());
        trust::judge(&self.parts.resolver, self.did, labels).await
    }

    async fn rewind(&mut self) -> Result<(), Error> {
        tracing::warn!(labeler = %self.did, cursor = ?self.source.seq, "the labeler has never sent what is stored");
        let (guard, fence) = (self.lease.guard(), self.source.fence);
        let rewind = move |conn: &mut store::Conn<'_>| {
            guard.check(conn)?;
            fence.rewind(conn)
        };
        self.parts.labelers.index.write(rewind).await?;
        self.source.seq = None;
        Ok(())
    }
}
