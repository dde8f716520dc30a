//! What the caller calls this server.

use std::convert::Infallible;
use std::fmt;

use axum::extract::FromRequestParts;
use http::header::HOST;
use http::request::Parts;
use server::Target;

/// `SCHEME://HOST/BASE_PATH`, without a slash at its end, for URLs that are answered to this caller (spec/sync.md §2.13). Only
/// the caller uses them, so it need not be true.
#[derive(Clone, Debug)]
pub(crate) struct Base(String);

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let scheme = header("x-forwarded-proto").filter(|scheme| *scheme == "https").unwrap_or("http");
        let host = header("x-forwarded-host").or_else(|| header(HOST.as_str())).unwrap_or("localhost");
        let target = Target::of(parts);
        // The shell has taken the base path off the one and left it in the other.
        let base_path = target.path().strip_suffix(parts.uri.path()).unwrap_or_default();
        Ok(Self(format!("{scheme}://{host}{base_path}")))
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    async fn base(headers: &[(&str, &str)], asked: &str, inside: &str) -> String {
        let request = |uri: &str| {
            headers.iter().fold(Request::get(uri), |request, (name, value)| request.header(*name, *value))
        };
        let (arrived, ()) = request(asked).body(()).unwrap().into_parts();
        let (mut parts, ()) = request(inside).body(()).unwrap().into_parts();
        parts.extensions.insert(Target::of(&arrived));
        let Ok(base) = Base::from_request_parts(&mut parts, &()).await;
        base.to_string()
    }

    #[tokio::test]
    async fn is_what_the_caller_reached() {
        let host = ("host", "relay.example:3005");
        assert_eq!(base(&[host], "/v1/x?q", "/v1/x?q").await, "http://relay.example:3005");
        assert_eq!(base(&[host], "/view/v1/x", "/v1/x").await, "http://relay.example:3005/view");
        let proxied = [host, ("x-forwarded-proto", "https"), ("x-forwarded-host", "happy.example")];
        assert_eq!(base(&proxied, "/v1/x", "/v1/x").await, "https://happy.example");
        assert_eq!(
            base(&[host, ("x-forwarded-proto", "javascript")], "/", "/").await,
            "http://relay.example:3005"
        );
    }
}
