//! The URL a proof is for.

use url::Url;

/// `htu` of a request to `url`: the URL without query and fragment (RFC 9449, section 4.2).
#[must_use]
pub fn target(url: &Url) -> String {
    let mut target = url.clone();
    target.set_query(None);
    target.set_fragment(None);
    target.into()
}

/// The normal form of an `htu`: lower-case host, no default port, no dot segments (RFC 9449, section 4.3). `None` if it
/// cannot be one.
pub(super) fn normalize(htu: &str) -> Option<String> {
    /// Longer than any URL a server answers to.
    const MAX_BYTES: usize = 4096;

    if htu.len() > MAX_BYTES {
        return None;
    }
    let url = Url::parse(htu).ok()?;
    let is_target = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    is_target.then(|| url.into())
}
