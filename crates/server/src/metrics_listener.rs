//! Metrics on a listener of their own, so that they are not public where the apps are.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode, header::CONTENT_TYPE};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{ShellConfig, connections, health};

/// The Prometheus text exposition format.
const EXPOSITION: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Serves `GET /metrics` with what `render` returns, and `GET /health` for whoever watches over this listener, until `shutdown`.
pub async fn serve_metrics(
    listener: TcpListener,
    config: &ShellConfig,
    render: impl Fn() -> String + Send + Sync + 'static,
    shutdown: &CancellationToken,
) {
    let render = Arc::new(render);
    let respond = move |request: http::Request<hyper::body::Incoming>| {
        let render = render.clone();
        async move { respond(request.method(), request.uri().path(), || render()) }
    };
    connections::serve(listener, config, shutdown, respond).await;
}

fn respond(method: &Method, path: &str, render: impl FnOnce() -> String) -> Response {
    match (method, path) {
        (&Method::GET | &Method::HEAD, "/metrics") => {
            ([(CONTENT_TYPE, EXPOSITION)], render()).into_response()
        }
        (&Method::GET | &Method::HEAD, "/health") => health::alive(),
        (_, "/metrics" | "/health") => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        _ => (StatusCode::NOT_FOUND, "metrics are at /metrics\n").into_response(),
    }
}
