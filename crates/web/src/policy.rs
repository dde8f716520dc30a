//! What may run in the app, and what browsers may tell others about it (Content Security Policy Level 3).

use http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

/// Without which a page could be reached from the window that opened it.
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Nobody else's page has a use for our files.
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// What stands on every answer.
pub(crate) const ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "same-origin"),
    (OPENER, "same-origin"),
    (RESOURCE, "same-origin"),
    (PERMISSIONS, "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// For the page: its scripts are files of ours, whatever stands in it. Elements of style need `nonce`, which only our scripts
/// know; pictures come from here.
pub(crate) fn of_the_page(nonce: &str) -> (HeaderName, String) {
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'none'; \
         img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; object-src 'none'; frame-src 'none'; \
         worker-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    (CONTENT_SECURITY_POLICY, policy)
}

/// For files, should somebody open one as a page.
pub(crate) fn of_files() -> (HeaderName, String) {
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'".to_owned())
}
