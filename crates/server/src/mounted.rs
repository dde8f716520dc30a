//! A mount as it serves: its rules around the router made from its routes.

use std::{convert::Infallible, sync::Arc};

use axum::{Router, body::Body, extract::Request, response::Response};
use tower::ServiceExt;

use crate::{
    Cors, Hosts, RequestId, Sites, Target, body,
    compression::{self, Compressed},
    cors::Page,
    unrouted::Unrouted,
};

/// Answers every request whose path the prefix covers.
pub(crate) struct Mounted {
    pub(crate) prefix: &'static str,
    pub(crate) hosts: Hosts,
    pub(crate) cors: Option<Cors>,
    pub(crate) router: Router,
    pub(crate) compressed: Option<Compressed>,
    pub(crate) unrouted: Arc<Unrouted>,
    pub(crate) sites: Arc<dyn Sites>,
    pub(crate) max_uri_bytes: usize,
}

impl Mounted {
    pub(crate) async fn respond(&self, request: Request, id: &RequestId) -> Response {
        let page = Page::of(request.headers(), &*self.sites);
        let mut response = self.admit(request, &page, id).await;
        if let Some(cors) = &self.cors {
            cors.mark(page, response.headers_mut());
        }
        response
    }

    async fn admit(&self, request: Request, page: &Page, id: &RequestId) -> Response {
        if !self.answers_at(request.extensions().get().and_then(Target::host)) {
            body::discard(request);
            return self.unrouted.unknown_host(id);
        }
        match &self.cors {
            Some(cors) if Cors::is_preflight(request.method(), request.headers()) => {
                let mut response = self.unrouted.no_content();
                cors.permit(page, Cors::asked_for(request.headers()), response.headers_mut());
                response
            }
            _ => self.route(request, id).await,
        }
    }

    fn answers_at(&self, host: Option<&str>) -> bool {
        match self.hosts {
            Hosts::Any => true,
            Hosts::Registered => host.is_some_and(|host| self.sites.has_host(host)),
        }
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
