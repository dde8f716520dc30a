//! What of a request can be signed.

use http::{HeaderMap, Method, header};
use url::{Position, Url};

/// A request, by its parts. Where it goes is said by this server's own address, not by what the request claims, so that a proxy
/// between changes nothing.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// Its method.
    pub method: &'r Method,
    /// `http` or `https`.
    pub scheme: &'r str,
    /// Host, and port if it is not the scheme's own; lower case.
    pub authority: &'r str,
    /// Path and query as they are sent, such as `/inbox?x=1`.
    pub target: &'r str,
    /// All headers.
    pub headers: &'r HeaderMap,
}

impl<'r> Request<'r> {
    /// A request to `url`.
    #[must_use]
    pub fn to(method: &'r Method, url: &'r Url, headers: &'r HeaderMap) -> Self {
        Self {
            method,
            scheme: url.scheme(),
            authority: &url[Position::BeforeHost..Position::AfterPort],
            target: &url[Position::BeforePath..Position::AfterQuery],
            headers,
        }
    }

    /// The target without its query, never empty.
    pub(crate) fn path(&self) -> &'r str {
        let path = self.target.split_once('?').map_or(self.target, |(path, _)| path);
        if path.is_empty() { "/" } else { path }
    }

    /// The query with its question mark; only that if there is none.
    pub(crate) fn query(&self) -> &'r str {
        self.target.find('?').map_or("?", |at| &self.target[at..])
    }

    /// Whether it says it is for this host. With HTTP/2 it says nothing, and came here.
    pub(crate) fn is_for_us(&self) -> bool {
        let mut hosts = self.headers.get_all(header::HOST).iter();
        match (hosts.next(), hosts.next()) {
            (None, _) => true,
            (Some(host), None) => host.as_bytes().eq_ignore_ascii_case(self.authority.as_bytes()),
            _ => false,
        }
    }

    /// All values of a header, in order, trimmed and joined; `host` is known in any case. `None` if there is none or one is
    /// not text.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let mut joined: Option<String> = None;
        for value in self.headers.get_all(name) {
            let value = value.to_str().ok()?.trim();
            match &mut joined {
                Some(joined) => {
                    joined.push_str(", ");
                    joined.push_str(value);
                }
                None => joined = Some(value.to_owned()),
            }
        }
        match joined {
            None if name == "host" => Some(self.authority.to_owned()),
            joined => joined,
        }
    }
}
