//! What a request is for, as the outside sees it.

use std::{convert::Infallible, sync::Arc};

use axum::extract::FromRequestParts;
use http::{HeaderMap, HeaderName, Uri, header::HOST, request::Parts, uri::Authority};

/// Where a reverse proxy says which host its client asked for.
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// The host and path that a client asked for, before the base path was taken off. Present in the extensions of every
/// request, so also in the head that an [`Authenticator`](crate::Authenticator) sees.
///
/// The host is that of `X-Forwarded-Host`, else the request's own. Whether a proxy wrote that header or a client that
/// reached the server without one cannot be told, and does not have to be: both name a host of the client's choice, and
/// neither is believed before [`Sites`](crate::Sites) knows it. (A proxy that caches answers has to write the header, or a
/// client could make it keep those of one site for another.)
#[derive(Clone, Debug)]
pub struct Target {
    host: Option<Arc<str>>,
    uri: Uri,
}

impl Target {
    /// The target of a request as it arrived, or as [`Shell`](crate::Shell) noted it.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self::read(&parts.uri, &parts.headers))
    }

    pub(crate) fn read(uri: &Uri, headers: &HeaderMap) -> Self {
        Self { host: host(uri, headers).map(Into::into), uri: uri.clone() }
    }

    /// The host name in lower case, without port; nothing if the request names none or is ambiguous.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The path with the base path, as it arrived: nothing is decoded.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }
}

impl<S: Sync> FromRequestParts<S> for Target {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

fn host(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    if let Some(forwarded) = headers.get(X_FORWARDED_HOST) {
        // Each proxy appends what it was asked for; the first entry is what the client asked the first of them for.
        return host_name(forwarded.to_str().ok()?.split(',').next()?);
    }
    // RFC 9112 §3.2.2 and RFC 9113 §8.3.1: a host in the request line or `:authority` goes before the header.
    if let Some(authority) = uri.authority().map(Authority::as_str) {
        return host_name(authority);
    }
    let mut values = headers.get_all(HOST).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => host_name(value.to_str().ok()?),
        // Two headers invite two readers to believe two different things.
        _ => None,
    }
}

/// The host name of `host[:port]`.
fn host_name(authority: &str) -> Option<String> {
    let authority = authority.trim();
    let end = match authority.rfind(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(end);
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
    let host = host.strip_suffix('.').unwrap_or(host);
    (well_formed && !host.is_empty()).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn host_of(uri: &str, headers: &[(&str, &str)]) -> Option<String> {
        let mut request = Request::get(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Target::of(&parts).host().map(ToOwned::to_owned)
    }

    #[test]
    fn a_host_has_no_port_and_no_case() {
        for (header, expected) in [
            ("App.Example.com", Some("app.example.com")),
            ("app.example.com:8443", Some("app.example.com")),
            ("app.example.com.", Some("app.example.com")),
            ("[::1]:3000", Some("[::1]")),
            ("[::1]", Some("[::1]")),
            ("127.0.0.1:3000", Some("127.0.0.1")),
            ("app.example.com:", Some("app.example.com")),
            ("", None),
            (":80", None),
            (".", None),
            ("app.example.com:80:80", None),
            ("app.example.com:me@elsewhere.example", None),
            ("[::1]x", None),
        ] {
            assert_eq!(host_of("/", &[("host", header)]).as_deref(), expected, "{header}");
        }
    }

    #[test]
    fn the_proxy_is_asked_first_then_the_request_line_then_the_header() {
        let (forwarded, host) = (("x-forwarded-host", "a.test"), ("host", "c.test"));
        assert_eq!(host_of("http://b.test/x", &[forwarded, host]).as_deref(), Some("a.test"));
        // As HTTP/2 sends `:authority`, and HTTP/1.1 a request to a proxy.
        assert_eq!(host_of("http://b.test:81/x", &[host]).as_deref(), Some("b.test"));
        assert_eq!(host_of("https://B.test/x", &[]).as_deref(), Some("b.test"));
        assert_eq!(host_of("/x", &[host]).as_deref(), Some("c.test"));
        assert_eq!(host_of("/x", &[]), None);
    }

    #[test]
    fn of_several_proxies_the_first_counts() {
        let list = [("x-forwarded-host", "a.test:443, b.test"), ("x-forwarded-host", "c.test")];
        assert_eq!(host_of("/", &list).as_deref(), Some("a.test"));
    }

    #[test]
    fn what_is_ambiguous_or_empty_is_not_passed_over_for_another() {
        assert_eq!(host_of("/", &[("host", "a.test"), ("host", "a.test")]), None);
        assert_eq!(host_of("/", &[("x-forwarded-host", ""), ("host", "a.test")]), None);
        assert_eq!(host_of("/", &[("x-forwarded-host", ", a.test"), ("host", "a.test")]), None);
    }
}
