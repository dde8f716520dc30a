//! Many other servers in one process, each with an address of its own, which write down whatever they are sent, as it came.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;
use tokio::net::TcpListener;

/// How long a host takes to answer: so that something is under way whenever the server dies.
const LATENCY: Duration = Duration::from_millis(10);

/// How long nothing may arrive before a test gives up: a lease of what a dead server was at, and what a busy machine takes for what
/// waited.
pub const AFTER_A_LEASE: Duration = Duration::from_secs(90);

/// More than any activity has.
const MAX_BODY: usize = 1 << 20;

/// A request, as it came.
pub struct Arrival {
    /// The host that it came to, with its port.
    pub authority: String,
    /// All but the body.
    pub parts: Parts,
    /// The body.
    pub body: Bytes,
    /// When it came.
    pub at: SystemTime,
}

/// All of them; they end with the runtime.
pub struct Inboxes {
    port: u16,
    hosts: usize,
    arrived: Arc<Mutex<Arrived>>,
    refused: Arc<AtomicU32>,
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
    refused: Arc<AtomicU32>,
}

impl Inboxes {
    /// So many, at 127.0.0.2, 127.0.0.3 and so on.
    pub async fn open(hosts: usize) -> Self {
        let (port, listeners) = listen(hosts).await;
        let (arrived, refused): (Arc<Mutex<Arrived>>, Arc<AtomicU32>) = Default::default();
        for (n, listener) in listeners.into_iter().enumerate() {
            let authority = format!("{}:{port}", address(n));
            let host = Host { authority, arrived: Arc::clone(&arrived), refused: Arc::clone(&refused) };
            let router = Router::new().fallback(take).with_state(host);
            tokio::spawn(async move { axum::serve(listener, router).await });
        }
        Self { port, hosts, arrived, refused }
    }

    /// How many they are.
    #[must_use]
    pub fn hosts(&self) -> usize {
        self.hosts
    }

    /// So many of the requests that come next are refused, as by a server that has no time.
    pub fn refuse(&self, requests: u32) {
        self.refused.store(requests, Ordering::Relaxed);
    }

    /// How much came so far; what came again is not counted.
    #[must_use]
    pub fn count(&self) -> usize {
        self.arrived.lock().unwrap().different.len()
    }

    /// Waits until so much has come, as long as something comes.
    pub async fn until(&self, count: usize) {
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
    #[must_use]
    pub fn take(&self) -> Vec<Arrival> {
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
    let one_less = |left: u32| left.checked_sub(1);
    if host.refused.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
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
