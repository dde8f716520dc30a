//! Subscribers, from their handshake to their end.

use std::sync::Weak;

use futures::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};
use tokio_util::sync::CancellationToken;

use super::Stream;
use super::filter::Filter;
use crate::sim::clock::now_micros;
use crate::sim::query::Query;
use crate::sim::world::World;

/// What a subscriber gets.
struct Subscription {
    filter: Filter,
    /// The `time_us` from which on events are sent.
    next: i64,
    end: watch::Receiver<i64>,
    /// Closes the connection.
    cut: CancellationToken,
}

impl Subscription {
    /// A cursor in the future is as good as none.
    fn new(filter: Filter, stream: &Stream) -> Self {
        let mut end = stream.end();
        let live = *end.borrow_and_update() + 1;
        let next = filter.cursor.filter(|cursor| *cursor <= now_micros().max(live)).unwrap_or(live);
        Self { filter, next, end, cut: stream.cut() }
    }
}

/// Accepts subscribers until `closed`.
pub(crate) async fn accept(listener: TcpListener, closed: CancellationToken, world: Weak<World>) {
    while let Some(accepted) = closed.run_until_cancelled(listener.accept()).await {
        if let Ok((connection, _)) = accepted {
            let world = Weak::clone(&world);
            tokio::spawn(closed.clone().run_until_cancelled_owned(serve(connection, world)));
        }
    }
}

#[expect(clippy::result_large_err, reason = "the type of the handshake's callback")]
async fn serve(connection: TcpStream, world: Weak<World>) {
    let _ = connection.set_nodelay(true);
    let Some(world) = world.upgrade() else { return };
    let mut subscription = None;
    let handshake = accept_hdr_async(connection, |request: &Request, response| {
        // Before the client learns that it is connected: whatever happens then is sent.
        subscription = Some(Subscription::new(check(request)?, &world.stream));
        Ok(response)
    });
    let (Ok(socket), Some(subscription)) = (handshake.await, subscription) else { return };
    let cut = subscription.cut.clone();
    // A subscriber that has left is no error.
    let _ = cut.run_until_cancelled(send(socket, subscription, &world.stream)).await;
}

#[expect(clippy::result_large_err, reason = "the type of the handshake's callback")]
fn check(request: &Request) -> Result<Filter, ErrorResponse> {
    let refuse = |status: u16, text: String| {
        Response::builder().status(status).body(Some(text)).expect("an answer without headers")
    };
    if request.uri().path() != "/subscribe" {
        return Err(refuse(404, "not found".to_owned()));
    }
    let query = Query::parse(request.uri().query().unwrap_or_default());
    Filter::parse(&query).map_err(|text| refuse(400, text))
}

/// Sends what there is from the cursor on, then what comes, and listens for the end meanwhile.
async fn send(
    mut socket: WebSocketStream<TcpStream>,
    subscription: Subscription,
    stream: &Stream,
) -> Result<(), tokio_tungstenite::tungstenite::Error> {
    let _subscribed = stream.subscribed();
    let Subscription { filter, mut next, mut end, .. } = subscription;
    loop {
        loop {
            let events = stream.from(next);
            let Some(last) = events.last() else { break };
            next = last.time_us + 1;
            for event in events.iter().filter(|event| filter.wants(event)) {
                socket.feed(Message::text(event.text.as_str())).await?;
            }
            socket.flush().await?;
        }
        tokio::select! {
            changed = end.changed() => if changed.is_err() { return Ok(()) },
            // Pings are answered on the way; options updates are not understood.
            message = socket.next() => match message {
                Some(Ok(Message::Close(_))) | None => return Ok(()),
                Some(message) => { message?; }
            },
        }
    }
}
