//! Who made a browser send a request: our own pages or somebody else's.
//!
//! A browser adds the session cookie to whatever any page makes it send, so a cookie alone does not show that its owner
//! wants something. Browsers also say which page is behind a request, in headers that no page can forge.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header::ORIGIN};

use crate::Sites;

/// How the page behind a request is related to this server (W3C Fetch Metadata).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a method can change something. Handlers of the others must not (RFC 9110 §9.2.1).
pub(crate) fn changes_state(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a request shows that a page of ours, or the user directly, is behind it.
pub(crate) fn is_ours(sites: &dyn Sites, headers: &HeaderMap) -> bool {
    if headers.contains_key(ORIGIN) {
        return only(headers, &ORIGIN).is_some_and(|origin| is_registered(sites, origin));
    }
    // Without `Origin` the browser sees no other site behind the request; one that says nothing at all is not believed.
    only(headers, &SEC_FETCH_SITE).is_some_and(|site| site == "same-origin" || site == "none")
}

/// Whether an `Origin` is one of ours.
pub(crate) fn is_registered(sites: &dyn Sites, origin: &HeaderValue) -> bool {
    origin.to_str().is_ok_and(|origin| sites.has_origin(origin))
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}
