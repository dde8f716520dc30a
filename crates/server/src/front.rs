//! The front door: gives each request an id and finds the mount it belongs to.

use axum::{body::Body, extract::Request, response::Response};
use hyper::body::Incoming;
use tracing::Instrument;

use crate::{RequestId, body, mounted::Mounted, request_id::X_REQUEST_ID, unrouted::Unrouted};

/// Everything that serves requests, shared by all connections.
pub(crate) struct Front {
    /// Longest prefix first.
    pub(crate) mounts: Vec<Mounted>,
    /// Answers paths that no mount covers.
    pub(crate) elsewhere: Unrouted,
}

impl Front {
    pub(crate) async fn respond(&self, request: Request<Incoming>) -> Response {
        let id = RequestId::accept(request.headers());
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(id.clone());
        let span = tracing::info_span!(
            "request",
            id = id.as_str(),
            method = request.method().as_str(),
            path = request.uri().path()
        );
        let mut response = self.dispatch(request, &id).instrument(span).await;
        response.headers_mut().insert(X_REQUEST_ID, id.into());
        response
    }

    async fn dispatch(&self, request: Request, id: &RequestId) -> Response {
        let path = request.uri().path();
        if let Some(mount) = self.mounts.iter().find(|mount| covers(mount.prefix, path)) {
            return mount.respond(request, id).await;
        }
        body::discard(request);
        self.elsewhere.unknown_path(id)
    }
}

/// Whether `path` is `prefix` or lies below it.
pub(crate) fn covers(prefix: &str, path: &str) -> bool {
    match path.strip_prefix(prefix) {
        Some(rest) => rest.is_empty() || rest.starts_with('/') || prefix == "/",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_prefix_covers_itself_and_what_follows_a_slash() {
        for path in ["/admin", "/admin/", "/admin/x", "/admin//x"] {
            assert!(covers("/admin", path), "{path}");
            assert!(covers("/", path), "{path}");
        }
        for path in ["/administer", "/Admin", "/%61dmin", "//admin", "/", "*"] {
            assert!(!covers("/admin", path), "{path}");
        }
        assert!(!covers("/", "*"));
    }
}
