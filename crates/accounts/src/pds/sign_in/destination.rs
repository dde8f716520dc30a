//! Where a browser is sent after signing in: never where a stranger wants it (RFC 9700 §4.11).

use url::{Origin, Url};

use super::app::App;
use crate::{Domains, pds::PdsError};

/// The address that was asked for, if it is one of our own pages, a page on one of our domains, or one of the app through
/// which somebody signs in.
pub(super) fn destination(
    asked: Option<&str>,
    base: &str,
    domains: &Domains,
    app: Option<&App>,
) -> Result<String, PdsError> {
    let Some(asked) = asked else { return Ok(format!("{base}/dashboard/")) };
    let refused =
        || PdsError::bad_request("`redirect_uri` must be a path, on a domain of this server, or of the app");
    let base = Url::parse(base).map_err(|_| refused())?;
    // Browsers read `\` as `/`, and skip line breaks.
    if asked.len() > 2048 || asked.chars().any(|c| c.is_control() || c == '\\') {
        return Err(refused());
    }
    if asked.starts_with('/') {
        let url = base.join(asked).map_err(|_| refused())?;
        return if url.origin() == base.origin() { Ok(url.into()) } else { Err(refused()) };
    }
    let url = Url::parse(asked).map_err(|_| refused())?;
    let origin = url.origin();
    let is_plain = url.username().is_empty() && url.password().is_none();
    let is_ours = origin == base.origin() || domains.has_origin(&origin.ascii_serialization());
    let is_allowed = is_ours || app.is_some_and(|app| app.owns(asked, &origin));
    if is_plain && is_allowed { Ok(url.into()) } else { Err(refused()) }
}

impl App {
    fn owns(&self, asked: &str, origin: &Origin) -> bool {
        let registered = self.redirect_uris.iter().chain([&self.client_uri]);
        let mut origins = registered.filter_map(|uri| Url::parse(uri).ok()).map(|url| url.origin());
        // The origin of an app's own scheme is no origin: only the whole address will do.
        self.redirect_uris.iter().any(|uri| uri == asked)
            || (origin.is_tuple() && origins.any(|registered| registered == *origin))
    }
}
