//! Cross-origin rules of a mount.

use http::{
    HeaderMap, HeaderValue, Method,
    header::{
        ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
    },
};

use crate::{Sites, cross_site};

/// Which pages of other origins may call a mount, and how.
///
/// Any origin may, without credentials. Mostly it is reflected rather than answered with `*`, because that is what clients of the
/// specified servers see, and pages of the server's own [`Sites`](crate::Sites) may with credentials.
#[derive(Clone, Debug)]
pub struct Cors {
    origin: Origin,
    methods: HeaderValue,
    request_headers: HeaderValue,
    response_headers: HeaderValue,
    max_age: HeaderValue,
}

/// What is said of the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// Itself.
    Reflected,
    /// `*`, also to whoever has none; and whether that there are credentials, which browsers do not send where the answer is `*`.
    Any { says_credentials: bool },
}

/// The page behind a request, as far as these rules care.
pub(crate) enum Page {
    /// None, or one of the same origin.
    None,
    /// One of the server's own sites, which gets to use its cookies.
    Ours(HeaderValue),
    /// Any other, `null` among them.
    Foreign(HeaderValue),
}

impl Page {
    pub(crate) fn of(headers: &HeaderMap, sites: &dyn Sites) -> Self {
        match headers.get(ORIGIN) {
            None => Self::None,
            Some(origin) if cross_site::is_registered(sites, origin) => Self::Ours(origin.clone()),
            Some(origin) => Self::Foreign(origin.clone()),
        }
    }
}

impl Cors {
    /// Any origin, with the given comma-separated lists: methods, headers a page may send, headers it may read.
    #[must_use]
    pub const fn any_origin(
        methods: &'static str,
        request_headers: &'static str,
        response_headers: &'static str,
    ) -> Self {
        Self::new(Origin::Reflected, methods, request_headers, response_headers)
    }

    const fn new(
        origin: Origin,
        methods: &'static str,
        request_headers: &'static str,
        response_headers: &'static str,
    ) -> Self {
        Self {
            origin,
            methods: HeaderValue::from_static(methods),
            request_headers: HeaderValue::from_static(request_headers),
            response_headers: HeaderValue::from_static(response_headers),
            max_age: HeaderValue::from_static("86400"),
        }
    }

    /// Everybody, whatever headers they want to send: every answer says `*`, whoever asked (spec/sync.md §0).
    #[must_use]
    pub const fn everybody(methods: &'static str, response_headers: &'static str) -> Self {
        Self::new(Origin::Any { says_credentials: false }, methods, "*", response_headers)
    }

    /// The same, beside `Access-Control-Allow-Credentials`, as Socket.IO has it (spec/sync.md §3.1).
    #[must_use]
    pub const fn sockets(methods: &'static str) -> Self {
        Self::new(Origin::Any { says_credentials: true }, methods, "*", "X-Request-Id")
    }

    /// The lists of spec/appview.md §3.1, for XRPC and the routes around it.
    #[must_use]
    pub const fn xrpc() -> Self {
        Self::any_origin(
            "GET, POST, PUT, PATCH, DELETE, OPTIONS",
            "content-type, authorization, x-client-key, x-client-secret, dpop, atproto-accept-labelers, \
             atproto-proxy",
            "DPoP-Nonce, WWW-Authenticate, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, \
             atproto-content-labelers",
        )
    }

    /// Whether a browser asks for permission before the real request.
    pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
        method == Method::OPTIONS
            && headers.contains_key(ORIGIN)
            && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// Headers of a preflight answer, besides those of every answer.
    pub(crate) fn permit(&self, page: &Page, asked: Option<HeaderValue>, headers: &mut HeaderMap) {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, self.methods.clone());
        let permitted = match (self.origin, asked) {
            // `*` would not cover `Authorization`.
            (Origin::Any { .. }, Some(asked)) => {
                headers.append(VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
                asked
            }
            (Origin::Any { .. }, None) => self.request_headers.clone(),
            (Origin::Reflected, _) => self.request_headers(page),
        };
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, permitted);
        headers.insert(ACCESS_CONTROL_MAX_AGE, self.max_age.clone());
    }

    fn request_headers(&self, page: &Page) -> HeaderValue {
        let listed = self.request_headers.clone();
        let Page::Ours(_) = page else { return listed };
        HeaderValue::from_bytes(&[listed.as_bytes(), b", cookie"].concat()).unwrap_or(listed)
    }

    /// What a preflight asks to send.
    pub(crate) fn asked_for(headers: &HeaderMap) -> Option<HeaderValue> {
        headers.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned()
    }

    /// Headers of every answer. `Vary` is sent without an origin too, so that no cache gives one page's copy to another.
    pub(crate) fn mark(&self, page: Page, headers: &mut HeaderMap) {
        if let Origin::Any { says_credentials } = self.origin {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, self.response_headers.clone());
            if says_credentials {
                headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            }
            return;
        }
        headers.append(VARY, HeaderValue::from_static("Origin"));
        let origin = match page {
            Page::None => return,
            Page::Ours(origin) => {
                headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
                origin
            }
            Page::Foreign(origin) => origin,
        };
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, self.response_headers.clone());
    }
}
