//! A TCP proxy in front of the server whose connections a test can cut, and which it can close for new ones.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    cut: Arc<Notify>,
    refuse: Arc<AtomicBool>,
}

impl Proxy {
    /// A proxy for the server of a `redis://host:port…` URL.
    pub(crate) async fn start(url: &str) -> Self {
        let server = url.strip_prefix("redis://").expect("a redis:// URL").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, refuse) = (Arc::new(Notify::new()), Arc::new(AtomicBool::new(false)));
        let proxy = Self { address, cut: Arc::clone(&cut), refuse: Arc::clone(&refuse) };
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                if refuse.load(Ordering::SeqCst) {
                    continue;
                }
                let mut server = TcpStream::connect(&server).await.unwrap();
                let cut = Arc::clone(&cut);
                tokio::spawn(async move {
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => {}
                        () = cut.notified() => {}
                    }
                });
            }
        });
        proxy
    }

    /// Cuts all connections there are.
    pub(crate) fn cut(&self) {
        self.cut.notify_waiters();
    }

    /// From now on closes new connections at once, or no longer.
    pub(crate) fn refuse(&self, refuse: bool) {
        self.refuse.store(refuse, Ordering::SeqCst);
    }
}
