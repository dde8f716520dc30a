//! The server of an archive.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard};

use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::{Url, form_urlencoded};

use super::ArchiveFault;
use super::answer::{Answer, Asked, answer};
use super::plan::Stored;

/// An archive on loopback; gone when dropped.
pub struct ServedArchive {
    url: Url,
    state: Arc<Mutex<State>>,
    accepting: JoinHandle<()>,
}

struct State {
    segments: Vec<Stored>,
    fault: ArchiveFault,
    /// Entries of a page of a plan.
    page: usize,
    requests: Vec<String>,
    /// The segments that take the place of the others after so many further requests.
    next: Option<(usize, Vec<Stored>)>,
}

impl ServedArchive {
    /// Serves these segments, whose sequence numbers rise from one to the next.
    pub async fn start(segments: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let url = Url::parse(&format!("http://{address}/")).expect("a URL");
        let state = Arc::new(Mutex::new(State {
            segments: segments.into_iter().map(Stored::new).collect(),
            fault: ArchiveFault::None,
            page: 100_000,
            requests: Vec::new(),
            next: None,
        }));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&state)));
        Self { url, state, accepting }
    }

    /// Its address, `http://127.0.0.1:PORT/`.
    #[must_use]
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// Changes how it behaves from now on.
    pub fn fail(&self, fault: ArchiveFault) {
        lock(&self.state).fault = fault;
    }

    /// Gives its plans pages of at most so many segments or ranges of blocks.
    pub fn page(&self, entries: usize) {
        lock(&self.state).page = entries;
    }

    /// Replaces its segments after so many further requests, as compaction does.
    pub fn replace_after(&self, requests: usize, segments: Vec<Vec<u8>>) {
        lock(&self.state).next = Some((requests, segments.into_iter().map(Stored::new).collect()));
    }

    /// The requests since this was asked last: method, and query or `Range`.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.state).requests)
    }
}

impl Drop for ServedArchive {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no panic while it was held")
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    // With this future ends every connection.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((connection, _)) = listener.accept().await {
        connections.spawn(serve(connection, Arc::clone(&state)));
    }
}

async fn serve(connection: TcpStream, state: Arc<Mutex<State>>) {
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let state = Arc::clone(&state);
        async move { Ok::<_, Infallible>(ask(&state, request).await) }
    });
    // Clients may leave at any time.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(connection), service).await;
}

async fn ask(state: &Mutex<State>, request: hyper::Request<Incoming>) -> Answer {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let query = head.uri.query().unwrap_or_default();
    let path = head.uri.path();
    let asked = Asked {
        http: &head.method,
        method: path.strip_prefix("/xrpc/").unwrap_or(path),
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: &head.headers,
        body,
    };
    let mut state = lock(state);
    let name = asked.method.rsplit('.').next().unwrap_or_default();
    let range = head.headers.get("range").and_then(|range| range.to_str().ok()).unwrap_or(query);
    let noted = format!("{name} {range}");
    state.requests.push(noted);
    match state.next.take() {
        Some((0, segments)) => state.segments = segments,
        Some((requests, segments)) => state.next = Some((requests - 1, segments)),
        None => {}
    }
    answer(&state.segments, &asked, state.page, state.fault)
}
