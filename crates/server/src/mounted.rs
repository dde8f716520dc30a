//! A mount as it serves: its rules around the router made from its routes.

use std::{convert::Infallible, sync::Arc};

use axum::{Router, body::Body, extract::Request, response::Response};
use http::header::ORIGIN;
use tower::ServiceExt;

use crate::{
    Cors, RequestId, body,
    compression::{self, Compressed},
    unrouted::Unrouted,
};

/// Answers every request whose path the prefix covers.
pub(crate) struct Mounted {
    pub(crate) prefix: &'static str,
    pub(crate) cors: Option<Cors>,
    pub(crate) router: Router,
    pub(crate) compressed: Option<Compressed>,
    pub(crate) unrouted: Arc<Unrouted>,
    pub(crate) max_uri_bytes: usize,
}

impl Mounted {
    pub(crate) async fn respond(&self, request: Request, id: &RequestId) -> Response {
        let Some(cors) = &self.cors else { return self.route(request, id).await };
        let origin = request.headers().get(ORIGIN).cloned();
        let mut response = if Cors::is_preflight(request.method(), request.headers()) {
            let mut response = self.unrouted.no_content();
            cors.permit(response.headers_mut());
            response
        } else {
            self.route(request, id).await
        };
        cors.mark(origin, response.headers_mut());
        response
    }

    async fn route(&self, request: Request, id: &RequestId) -> Response {
        if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > self.max_uri_bytes) {
            body::discard(request);
            return self.unrouted.uri_too_long(id);
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
