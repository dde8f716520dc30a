//! The end: what finishes, what is cut off, and when.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use axum::extract::State;
use server::{Access, App, Error, Mount, Route, ShellConfig, Task, standard_errors};
use tokio::{net::TcpStream, sync::Notify};

use crate::support::Server;

#[derive(Clone, Default)]
struct Latch {
    entered: Arc<Notify>,
    released: Arc<Notify>,
}

async fn waits(State(latch): State<Latch>) -> &'static str {
    latch.entered.notify_one();
    latch.released.notified().await;
    "done"
}

fn waiting_app(latch: &Latch, tasks: Vec<Task>) -> App {
    let mount = Mount::new("/wait", standard_errors);
    let mount = mount.routes(latch, [Route::get("/wait", Access::Public, "", waits)]);
    App { mounts: vec![mount], tasks, ..App::new("t") }
}

async fn start(latch: &Latch, drain: Duration, tasks: Vec<Task>) -> Server {
    let config = ShellConfig { drain_time_limit: drain, ..ShellConfig::default() };
    Server::start_with(config, Vec::new(), vec![waiting_app(latch, tasks)]).await
}

#[tokio::test]
async fn requests_in_flight_finish_and_new_connections_are_refused() {
    let latch = Latch::default();
    let server = start(&latch, Duration::from_secs(5), Vec::new()).await;
    let mut client = server.connect().await;
    client.write(b"GET /wait HTTP/1.1\r\nhost: t\r\n\r\n").await;
    latch.entered.notified().await;
    server.shutdown.cancel();
    while TcpStream::connect(server.addr).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    latch.released.notify_one();
    let reply = client.reply(false).await;
    assert_eq!((reply.text(), reply.header("connection")), ("done", Some("close")));
    assert!(server.ended().await.is_ok());
}

#[tokio::test]
async fn idle_connections_do_not_delay_the_end() {
    let latch = Latch::default();
    let server = start(&latch, Duration::from_secs(8), Vec::new()).await;
    let mut fresh = server.connect().await;
    let mut idle = server.connect().await;
    idle.write(b"GET /health HTTP/1.1\r\nhost: t\r\n\r\n").await;
    assert_eq!(idle.reply(false).await.status, 200);
    let started = Instant::now();
    server.shutdown.cancel();
    assert!(idle.is_closed().await);
    assert!(fresh.is_closed().await);
    assert!(server.ended().await.is_ok());
    assert!(started.elapsed() < Duration::from_secs(4), "took {:?}", started.elapsed());
}

#[tokio::test]
async fn what_does_not_finish_is_cut_off() {
    let latch = Latch::default();
    let stubborn = Task::new("stubborn", async |_| std::future::pending().await);
    let server = start(&latch, Duration::from_millis(200), vec![stubborn]).await;
    let mut client = server.connect().await;
    client.write(b"GET /wait HTTP/1.1\r\nhost: t\r\n\r\n").await;
    latch.entered.notified().await;
    let started = Instant::now();
    server.shutdown.cancel();
    assert!(server.ended().await.is_ok());
    assert!(client.is_closed().await);
    assert!(started.elapsed() >= Duration::from_millis(200));
    assert!(started.elapsed() < Duration::from_secs(5), "took {:?}", started.elapsed());
}

#[tokio::test]
async fn tasks_are_told_and_awaited() {
    let saved = Arc::new(AtomicBool::new(false));
    let save = saved.clone();
    let task = Task::new("saver", async move |token| {
        token.cancelled().await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        save.store(true, Ordering::SeqCst);
    });
    let short = Task::new("short", async |_| ());
    let server = start(&Latch::default(), Duration::from_secs(5), vec![task, short]).await;
    assert_eq!(server.get("/health").await.status, 200);
    server.shutdown.cancel();
    assert!(server.ended().await.is_ok());
    assert!(saved.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_task_that_panics_ends_the_server_in_order() {
    let saved = Arc::new(AtomicBool::new(false));
    let save = saved.clone();
    let keeper = Task::new("saver", async move |token| {
        token.cancelled().await;
        save.store(true, Ordering::SeqCst);
    });
    let broken = Task::new("broken", async |_| panic!("invariant"));
    let server = start(&Latch::default(), Duration::from_secs(5), vec![keeper, broken]).await;
    let error = server.ended().await.unwrap_err();
    assert!(matches!(error, Error::TaskPanicked { app: "t", task: "broken" }), "{error}");
    assert!(saved.load(Ordering::SeqCst));
}
