//! Many other servers in one process, each with an address of its own, which write down whatever they are sent, as it came.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;
use tokio::net::TcpListener;

use super::home::AFTER_A_LEASE;

/// How long a host takes to answer: so that something is under way whenever the server dies.
const LATENCY: Duration = Duration::from_millis(10);

/// More than any activity has.
const MAX_BODY: usize = 1 << 20;

/// A request, as it came.
pub(super) struct Arrival {
    /// The host that it came to, with its port.
    pub(super) authority: String,
    pub(super) parts: Parts,
    pub(super) body: Bytes,
    pub(super) at: SystemTime,
}

/// All of them; they end with the runtime.
pub(super) struct Inboxes {
    port: u16,
    pub(super) hosts: usize,
    arrived: Arc<Mutex<Arrived>>,
}

#[derive(Default)]
struct Arrived {
    all: Vec<Arrival>,
    /// By inbox and body, each once.
    different: HashSet<(String, Bytes)>,
}

#[derive(Clone)]
struct Host {
    authority: String,
    arrived: Arc<Mutex<Arrived>>,
}

impl Inboxes {
    pub(super) async fn open(hosts: usize) -> Self {
        let (port, listeners) = listen(hosts).await;
        let arrived: Arc<Mutex<Arrived>> = Arc::default();
        for (n, listener) in listeners.into_iter().enumerate() {
            let host = Host { authority: format!("{}:{port}", address(n)), arrived: Arc::clone(&arrived) };
            let router = Router::new().fallback(take).with_state(host);
            tokio::spawn(async move { axum::serve(listener, router).await });
        }
        Self { port, hosts, arrived }
    }

    /// How much came so far; what came again is not counted.
    pub(super) fn count(&self) -> usize {
        self.arrived.lock().unwrap().different.len()
    }

    /// Waits until so much has come, as long as something comes.
    pub(super) async fn until(&self, count: usize) {
        let (mut last, mut since) = (self.count(), Instant::now());
        while last < count {
            assert!(
                since.elapsed() < AFTER_A_LEASE,
                "{last} of {count} arrived, and nothing more for {AFTER_A_LEASE:?}"
            );
            tokio::time::sleep(LATENCY).await;
            if self.count() > last {
                (last, since) = (self.count(), Instant::now());
            }
        }
    }

    /// All of it.
    pub(super) fn take(&self) -> Vec<Arrival> {
        std::mem::take(&mut self.arrived.lock().unwrap().all)
    }

    /// The host of a follower in SQL, for the number of a host in SQL.
    pub(super) fn host(&self, number: &str) -> String {
        format!("('127.0.0.' || (2 + {number}) || ':{}')", self.port)
    }
}

fn address(host: usize) -> String {
    format!("127.0.0.{}", 2 + host)
}

/// The same port on each address.
async fn listen(hosts: usize) -> (u16, Vec<TcpListener>) {
    loop {
        let first = TcpListener::bind((address(0), 0)).await.unwrap();
        let port = first.local_addr().unwrap().port();
        let mut listeners = vec![first];
        for host in 1..hosts {
            match TcpListener::bind((address(host), port)).await {
                Ok(listener) => listeners.push(listener),
                Err(_) => break,
            }
        }
        if listeners.len() == hosts {
            return (port, listeners);
        }
    }
}

async fn take(State(host): State<Host>, request: Request<Body>) -> StatusCode {
    let (parts, body) = request.into_parts();
    // One that breaks off has not arrived.
    let Ok(body) = to_bytes(body, MAX_BODY).await else { return StatusCode::BAD_REQUEST };
    let inbox = format!("{}{}", host.authority, parts.uri.path());
    let arrival = Arrival { authority: host.authority, parts, body: body.clone(), at: SystemTime::now() };
    {
        let mut arrived = host.arrived.lock().unwrap();
        arrived.all.push(arrival);
        arrived.different.insert((inbox, body));
    }
    tokio::time::sleep(LATENCY).await;
    StatusCode::ACCEPTED
}
