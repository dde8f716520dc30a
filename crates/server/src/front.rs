//! The front door: gives each request an id and finds the mount it belongs to.

use axum::{body::Body, extract::Request, response::Response};
use hyper::body::Incoming;
use tracing::Instrument;

use crate::{
    ClientAddress, RequestId, Target, TrustedProxies, base_path::BasePath, body, health, mounted::Mounted,
    request_id::X_REQUEST_ID, unrouted::Unrouted,
};

/// Everything that serves requests, shared by all connections.
pub(crate) struct Front {
    /// Longest prefix first.
    pub(crate) mounts: Vec<Mounted>,
    /// The path that all of them but the probes are under.
    pub(crate) base_path: BasePath,
    /// Answers paths that no mount covers.
    pub(crate) elsewhere: Unrouted,
    pub(crate) trusted_proxies: TrustedProxies,
}

impl Front {
    pub(crate) async fn respond(&self, request: Request<Incoming>) -> Response {
        let id = RequestId::accept(request.headers());
        let mut request = request.map(Body::new);
        let target = Target::read(request.uri(), request.headers());
        request.extensions_mut().insert(target);
        request.extensions_mut().insert(id.clone());
        self.look_behind_proxies(&mut request);
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

    /// Puts the address of the client in the place of the peer's.
    fn look_behind_proxies(&self, request: &mut Request) {
        let peer = request.extensions().get::<ClientAddress>();
        let Some(client) = peer.map(|peer| peer.behind(request.headers(), &self.trusted_proxies)) else {
            return;
        };
        request.extensions_mut().insert(client);
    }

    async fn dispatch(&self, mut request: Request, id: &RequestId) -> Response {
        let Some(mount) = self.mount_at(request.uri().path()) else {
            let response = self.elsewhere.unknown_path(request.method(), request.uri(), id);
            body::discard(request);
            return response;
        };
        self.base_path.strip(request.uri_mut());
        mount.respond(request, id).await
    }

    fn mount_at(&self, path: &str) -> Option<&Mounted> {
        let inside = self.base_path.inside(path);
        self.mounts.iter().find(|Mounted { prefix, .. }| {
            let path = if health::PREFIXES.contains(prefix) { Some(path) } else { inside };
            path.is_some_and(|path| covers(prefix, path))
        })
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
