//! A real service that speaks S3, on loopback: it checks every signature, and keeps objects as files in a folder.

use std::net::SocketAddr;
use std::path::Path;

use blobs::Location;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) struct Service {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Service {
    /// With one bucket, called `registry`.
    pub(crate) async fn start(dir: &Path) -> Self {
        std::fs::create_dir_all(dir.join("registry")).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(dir).unwrap());
        service.set_auth(SimpleAuth::from_single("key", "secret"));
        Self { address, serving: tokio::spawn(serve(listener, service.build())) }
    }

    pub(crate) fn url(&self) -> String {
        format!("s3://key:secret@{}/registry?tls=false", self.address)
    }

    pub(crate) fn location(&self) -> Location {
        Location::parse(&self.url()).unwrap()
    }

    pub(crate) fn stop(&self) {
        self.serving.abort();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        let service = service.clone();
        // As real ones do: what was asked for is done, also when whoever asked has gone.
        let service = service_fn(move |request: http::Request<Incoming>| {
            let (service, request) = (service.clone(), request.map(s3s::Body::from));
            async move { tokio::spawn(async move { service.call(request).await }).await.unwrap() }
        });
        connections.spawn(async move {
            _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
        });
    }
}
