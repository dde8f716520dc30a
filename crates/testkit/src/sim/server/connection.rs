//! Connections to a server and the requests on them.

use std::sync::{Arc, Weak};

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::Server;
use super::body::{self, Body};
use super::conduct::Way;
use crate::sim::query::Query;
use crate::sim::reply::Reply;
use crate::sim::world::World;
use crate::sim::{Place, pds, plc, relay};

/// The connection is to be closed without an answer.
#[derive(Debug)]
struct HangUp;

impl std::fmt::Display for HangUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("closed without an answer, as planned")
    }
}

impl std::error::Error for HangUp {}

/// Accepts connections until `closed`.
pub(super) async fn accept(
    listener: TcpListener,
    closed: CancellationToken,
    server: Arc<Server>,
    world: Weak<World>,
) {
    loop {
        let connection = tokio::select! {
            () = closed.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        if let Ok((connection, _)) = connection {
            let serving = serve(connection, Arc::clone(&server), Weak::clone(&world));
            tokio::spawn(closed.clone().run_until_cancelled_owned(serving));
        }
    }
}

async fn serve(connection: TcpStream, server: Arc<Server>, world: Weak<World>) {
    // An answer is written at once and waits for nothing.
    let _ = connection.set_nodelay(true);
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let (server, world) = (Arc::clone(&server), Weak::clone(&world));
        async move { answer(&server, &world, &request).await }
    });
    // Clients may leave at any time.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(connection), service).await;
}

async fn answer(
    server: &Server,
    world: &Weak<World>,
    request: &hyper::Request<Incoming>,
) -> Result<hyper::Response<Body>, HangUp> {
    let path = request.uri().path();
    let method = match server.place {
        Place::Plc => "did",
        Place::Relay | Place::Host(_) => path.strip_prefix("/xrpc/").unwrap_or(path),
    };
    let _counted = server.counter.enter(method);
    let asked = request.uri().path_and_query().map_or(path, |whole| whole.as_str());
    let way = server.conduct.way(asked).await;
    let query = request.uri().query().unwrap_or_default();
    let (reply, headers, manner) = match way {
        Way::HangUp => return Err(HangUp),
        Way::Instead { reply, headers } => (reply, headers, body::Manner::AtOnce),
        Way::Answer { headers, manner } => {
            let Some(world) = world.upgrade() else { return Err(HangUp) };
            (ask(server, &world, method, path, query), headers, manner)
        }
    };
    Ok(body::response(reply, headers, manner))
}

fn ask(server: &Server, world: &World, method: &str, path: &str, query: &str) -> Reply {
    match server.place {
        Place::Plc => plc::reply(world, path),
        Place::Relay => relay::reply(world, method, &Query::parse(query)),
        Place::Host(host) => {
            let lie = server.conduct.behaviour().lie();
            pds::reply(world, &pds::Request { host, method, raw_query: query, lie })
        }
    }
}
