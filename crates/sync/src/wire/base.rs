//! What the caller calls this server.

use std::convert::Infallible;
use std::fmt;

use axum::extract::FromRequestParts;
use http::header::HOST;
use http::request::Parts;
use server::Target;
use url::Url;

use crate::services::Services;

/// `SCHEME://HOST/BASE_PATH`, without a slash at its end, for URLs that are answered to this caller (spec/sync.md §2.13): the public
/// one if it is configured, else what the caller says. Only the caller uses that, so it need not be true.
#[derive(Clone, Debug)]
pub(crate) struct Base(String);

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromRequestParts<Services> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Infallible> {
        Ok(Self::of(parts, services.public_url.as_ref()))
    }
}

impl Base {
    fn of(parts: &Parts, public_url: Option<&Url>) -> Self {
        if let Some(url) = public_url {
            return Self(url.as_str().trim_end_matches('/').to_owned());
        }
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        // Each proxy adds what it saw at the end.
        let first = |name: &str| header(name).and_then(|list| list.split(',').next()).map(str::trim);
        let scheme = first("x-forwarded-proto").filter(|scheme| *scheme == "https").unwrap_or("http");
        let host = first("x-forwarded-host").or_else(|| header(HOST.as_str())).unwrap_or("localhost");
        let target = Target::of(parts);
        // The shell has taken the base path off the one and left it in the other.
        let base_path = target.path().strip_suffix(parts.uri.path()).unwrap_or_default();
        Self(format!("{scheme}://{host}{base_path}"))
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn base(headers: &[(&str, &str)], asked: &str, inside: &str) -> String {
        of(headers, asked, inside, None)
    }

    fn of(headers: &[(&str, &str)], asked: &str, inside: &str, public: Option<&str>) -> String {
        let request = |uri: &str| {
            headers.iter().fold(Request::get(uri), |request, (name, value)| request.header(*name, *value))
        };
        let (arrived, ()) = request(asked).body(()).unwrap().into_parts();
        let (mut parts, ()) = request(inside).body(()).unwrap().into_parts();
        parts.extensions.insert(Target::of(&arrived));
        Base::of(&parts, public.map(|url| Url::parse(url).unwrap()).as_ref()).to_string()
    }

    #[test]
    fn is_what_the_caller_reached() {
        let host = ("host", "relay.example:3005");
        assert_eq!(base(&[host], "/v1/x?q", "/v1/x?q"), "http://relay.example:3005");
        assert_eq!(base(&[host], "/view/v1/x", "/v1/x"), "http://relay.example:3005/view");
        let proxied = [host, ("x-forwarded-proto", "https"), ("x-forwarded-host", "happy.example")];
        assert_eq!(base(&proxied, "/v1/x", "/v1/x"), "https://happy.example");
        assert_eq!(base(&[host, ("x-forwarded-proto", "javascript")], "/", "/"), "http://relay.example:3005");
        let twice =
            [host, ("x-forwarded-proto", "https, http"), ("x-forwarded-host", "happy.example , inside")];
        assert_eq!(base(&twice, "/v1/x", "/v1/x"), "https://happy.example");
        let public = of(&twice, "/view/v1/x", "/v1/x", Some("https://public.example/view"));
        assert_eq!(public, "https://public.example/view", "whatever the caller says");
        assert_eq!(of(&[], "/", "/", Some("https://public.example")), "https://public.example");
    }
}
