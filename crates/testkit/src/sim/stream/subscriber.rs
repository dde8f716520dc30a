//! Subscribers, from their handshake to their end.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};
use tokio_util::sync::CancellationToken;

use super::filter::Filter;
use super::reader::Reader;
use super::sender::{Sender, Step};
use super::{Faults, Outlet, Stream};
use crate::sim::query::Query;
use crate::sim::world::World;

/// How long is waited for more messages, where their order is to be another.
const GATHERING: Duration = Duration::from_millis(15);

/// The beginning of a message of 4,096 bytes, of which no more comes.
const BEGINNING: [u8; 6] = [0x82, 0x7e, 0x10, 0x00, 0xa2, 0x61];

/// What a subscriber gets.
struct Subscription {
    outlet: Outlet,
    reader: Reader,
    end: watch::Receiver<i64>,
    faults: watch::Receiver<Arc<BTreeMap<Outlet, Faults>>>,
    /// Closes the connection.
    cut: CancellationToken,
}

impl Subscription {
    fn new(outlet: Outlet, asked: Asked, stream: &Stream) -> Self {
        let mut end = stream.end();
        end.borrow_and_update();
        let reader = match asked {
            Asked::Events(filter) => Reader::events(filter, stream),
            Asked::Frames(cursor) => Reader::frames(outlet, cursor, stream),
        };
        Self { outlet, reader, end, faults: stream.faults(), cut: stream.cut() }
    }

    fn faults(&mut self) -> Faults {
        self.faults.borrow_and_update().get(&self.outlet).cloned().unwrap_or_default()
    }
}

/// What a handshake asks for.
enum Asked {
    Events(Filter),
    Frames(Option<i64>),
}

/// Accepts subscribers until `closed`.
pub(crate) async fn accept(
    listener: TcpListener,
    closed: CancellationToken,
    world: Weak<World>,
    outlet: Outlet,
) {
    while let Some(accepted) = closed.run_until_cancelled(listener.accept()).await {
        if let Ok((connection, _)) = accepted {
            let world = Weak::clone(&world);
            tokio::spawn(closed.clone().run_until_cancelled_owned(serve(connection, world, outlet)));
        }
    }
}

#[expect(clippy::result_large_err, reason = "the type of the handshake's callback")]
async fn serve(connection: TcpStream, world: Weak<World>, outlet: Outlet) {
    let _ = connection.set_nodelay(true);
    let Some(world) = world.upgrade() else { return };
    let faults = world.stream.faults().borrow().get(&outlet).cloned();
    if faults.is_some_and(|faults| faults.is_down) {
        return;
    }
    let mut subscription = None;
    let handshake = accept_hdr_async(connection, |request: &Request, response| {
        // Before the client learns that it is connected: whatever happens then is sent.
        subscription = Some(Subscription::new(outlet, check(request, outlet)?, &world.stream));
        Ok(response)
    });
    let (Ok(socket), Some(subscription)) = (handshake.await, subscription) else { return };
    let cut = subscription.cut.clone();
    // A subscriber that has left is no error.
    let _ = cut.run_until_cancelled(send(socket, subscription, &world)).await;
}

fn refusal(status: u16, text: String) -> ErrorResponse {
    Response::builder().status(status).body(Some(text)).expect("an answer without headers")
}

#[expect(clippy::result_large_err, reason = "the type of the handshake's callback")]
fn check(request: &Request, outlet: Outlet) -> Result<Asked, ErrorResponse> {
    if !outlet.is_asked(request.uri().path()) {
        return Err(refusal(404, "not found".to_owned()));
    }
    let query = Query::parse(request.uri().query().unwrap_or_default());
    let asked = match outlet {
        Outlet::Jetstream(_) => Filter::parse(&query).map(Asked::Events),
        Outlet::Relay(_) | Outlet::Host(_) => {
            let cursor = query.get("cursor").map(str::parse).transpose();
            cursor.map(Asked::Frames).map_err(|_| "invalid cursor".to_owned())
        }
    };
    asked.map_err(|text| refusal(400, text))
}

/// Sends what there is from the cursor on, then what comes, and listens for the end meanwhile.
async fn send(
    mut socket: WebSocketStream<TcpStream>,
    mut subscription: Subscription,
    world: &World,
) -> Result<(), Error> {
    let (_subscribed, number) = world.stream.subscribed(subscription.outlet);
    let mut sender = Sender::new(world, subscription.outlet, number);
    if let (Some(first), is_over) = subscription.reader.first() {
        socket.send(first).await?;
        if is_over {
            return socket.close(None).await;
        }
    }
    loop {
        let faults = subscription.faults();
        if faults.is_down {
            return Ok(());
        }
        if faults.reorder > 1 {
            tokio::time::sleep(GATHERING).await;
        }
        while let Some(items) = subscription.reader.take(&world.stream) {
            // Only now: what was written after the server changed is treated as it has been since.
            let faults = subscription.faults();
            for step in sender.steps(world, &faults, items) {
                if !take(&mut socket, step).await? {
                    return Ok(());
                }
            }
            socket.flush().await?;
        }
        tokio::select! {
            changed = subscription.end.changed() => if changed.is_err() { return Ok(()) },
            changed = subscription.faults.changed() => if changed.is_err() { return Ok(()) },
            // Pings are answered on the way; options updates are not understood.
            message = socket.next() => match message {
                Some(Ok(Message::Close(_))) | None => return Ok(()),
                Some(message) => { message?; }
            },
        }
    }
}

/// Whether the connection goes on.
async fn take(socket: &mut WebSocketStream<TcpStream>, step: Step) -> Result<bool, Error> {
    match step {
        Step::Send(message) => socket.feed(message).await?,
        Step::Wait(time) => {
            socket.flush().await?;
            tokio::time::sleep(time).await;
        }
        Step::Cut | Step::CutWithin => {
            socket.flush().await?;
            if matches!(step, Step::CutWithin) {
                socket.get_mut().write_all(&BEGINNING).await?;
            }
            return Ok(false);
        }
    }
    Ok(true)
}
