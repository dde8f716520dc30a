//! Accepts connections, serves each in its own task, and ends them in order.

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use axum::{extract::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics::{counter, gauge};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{debug, warn};

use crate::{ClientAddress, Sent, ShellConfig, stall::StallGuard};

/// The pause after a failed accept. The usual cause, too many open files, does not go away by asking again at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What is read from a connection at once, in bytes. Each piece of a body keeps the whole buffer that it was read into, so larger ones cost
/// memory, not time.
const READ: usize = 64 << 10;

/// Serves until `stop`, then closes the listener, lets requests finish for the drain limit and cuts off the rest.
pub(crate) async fn serve<H, F>(
    listener: TcpListener,
    config: &ShellConfig,
    stop: &CancellationToken,
    respond: H,
) where
    H: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Response> + Send + 'static,
{
    let slots = Arc::new(Semaphore::new(config.max_connections));
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    while let Some(accepted) = stop.run_until_cancelled(accept(&listener, &slots)).await {
        let Ok((stream, peer, slot)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let connection = connection(stream, peer, config, stop.clone(), respond.clone());
        let cut = cut.clone();
        connections.spawn(async move {
            let _slot = slot;
            cut.run_until_cancelled(connection).await;
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(config.drain_time_limit, connections.wait()).await.is_err() {
        warn!(connections = connections.len(), "connections did not finish in time and are cut off");
        cut.cancel();
        connections.wait().await;
    }
}

/// One of the connections served at once, from accept to close, however it ends.
struct Slot {
    _permit: OwnedSemaphorePermit,
}

impl Slot {
    fn taken(permit: OwnedSemaphorePermit) -> Self {
        gauge!("http_connections").increment(1.0);
        Self { _permit: permit }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        gauge!("http_connections").decrement(1.0);
    }
}

/// Waits for a free slot first, so that a full server leaves newcomers in the backlog instead of dropping them.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> io::Result<(TcpStream, ClientAddress, Slot)> {
    let permit = slots.clone().acquire_owned().await.map_err(io::Error::other)?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Ok((stream, ClientAddress::of_peer(peer), Slot::taken(permit))),
            // The peer went away while it was waiting; the listener itself is fine.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                counter!("http_accept_errors_total").increment(1);
                warn!(%error, "cannot accept connections; check the limit of open files");
                return Err(error);
            }
        }
    }
}

fn connection<H, F>(
    stream: TcpStream,
    peer: ClientAddress,
    config: &ShellConfig,
    stop: CancellationToken,
    respond: H,
) -> impl Future<Output = ()> + use<H, F>
where
    H: Fn(Request<Incoming>) -> F,
    F: Future<Output = Response>,
{
    // Answers are written whole; waiting for more to send would only add latency.
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "TCP_NODELAY");
    }
    let sent = Sent::default();
    let io = TokioIo::new(StallGuard::new(stream, config.stall_time_limit, sent.clone()));
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(sent.clone());
        let response = respond(request);
        async move { Ok::<_, Infallible>(response.await) }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(config.head_time_limit)
        .max_header_size(config.max_head_bytes)
        .max_buf_size(READ.max(config.max_head_bytes))
        .serve_connection(io, service)
        .with_upgrades();
    async move {
        let mut serving = std::pin::pin!(serving);
        let outcome = tokio::select! {
            outcome = serving.as_mut() => outcome,
            () = stop.cancelled() => {
                serving.as_mut().graceful_shutdown();
                serving.await
            }
        };
        if let Err(error) = outcome {
            note(&error);
        }
    }
}

/// Connections end badly all the time and mostly through no fault of ours, so they are counted and not logged.
fn note(error: &hyper::Error) {
    let reason = if error.is_parse() {
        "malformed"
    } else if error.is_timeout() {
        "timeout"
    } else if error.is_incomplete_message() {
        "incomplete"
    } else {
        "io"
    };
    counter!("http_connection_errors_total", "reason" => reason).increment(1);
    debug!(%error, "connection ended");
}
