//! A mount as it serves: its rules around the router made from its routes.

use std::{convert::Infallible, sync::Arc, time::Instant};

use axum::{Router, body::Body, extract::Request, response::Response};
use http::{Method, StatusCode, header::ORIGIN};
use tower::ServiceExt;

use crate::{
    Cors, ErrorStyle, Problem, RequestId,
    compression::{self, Compressed},
    meters::Meters,
    render::write,
};

/// Answers every request whose path the prefix covers.
pub(crate) struct Mounted {
    pub(crate) prefix: &'static str,
    pub(crate) errors: ErrorStyle,
    pub(crate) cors: Option<Cors>,
    pub(crate) router: Router,
    pub(crate) compressed: Option<Compressed>,
    pub(crate) max_uri_bytes: usize,
    /// Requests that reach no handler: preflights, unknown paths, wrong methods.
    pub(crate) unrouted: Arc<Meters>,
}

impl Mounted {
    pub(crate) async fn respond(&self, request: Request, id: &RequestId) -> Response {
        let Some(cors) = &self.cors else { return self.route(request, id).await };
        let origin = request.headers().get(ORIGIN).cloned();
        let mut response = if Cors::is_preflight(request.method(), request.headers()) {
            self.preflight(cors)
        } else {
            self.route(request, id).await
        };
        cors.mark(origin, response.headers_mut());
        response
    }

    fn preflight(&self, cors: &Cors) -> Response {
        let started = Instant::now();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        cors.permit(response.headers_mut());
        self.unrouted.record(response.status(), started.elapsed());
        response
    }

    async fn route(&self, request: Request, id: &RequestId) -> Response {
        if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > self.max_uri_bytes) {
            let response = write(&uri_too_long(), self.errors, id);
            self.unrouted.record(response.status(), std::time::Duration::ZERO);
            return response;
        }
        match &self.compressed {
            Some(compressed) if compression::is_wanted(request.headers()) => {
                let Ok(response): Result<_, Infallible> = compressed.clone().oneshot(request).await;
                response.map(Body::new)
            }
            _ => {
                let Ok(response): Result<_, Infallible> = self.router.clone().oneshot(request).await;
                response
            }
        }
    }
}

/// Answers a path that the mount covers and no route matches.
pub(crate) fn unknown_path(errors: ErrorStyle, unrouted: &Meters, id: &RequestId) -> Response {
    let response = write(&Problem::not_found("Not found"), errors, id);
    unrouted.record(response.status(), std::time::Duration::ZERO);
    response
}

/// Answers a method that the path has no route for. The router adds `Allow`, which makes an `OPTIONS` request useful.
pub(crate) fn wrong_method(errors: ErrorStyle, unrouted: &Meters, id: &RequestId, method: &Method) -> Response {
    let response = if method == Method::OPTIONS {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        response
    } else {
        write(&Problem::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed"), errors, id)
    };
    unrouted.record(response.status(), std::time::Duration::ZERO);
    response
}

fn uri_too_long() -> Problem {
    Problem::new(StatusCode::URI_TOO_LONG, "Request URI too long")
}
