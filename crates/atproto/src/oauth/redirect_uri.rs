//! Where an authorization server may send the user back to.

use url::{Host, Url};

use super::{ApplicationType, web_url};

/// Whether a client may register `uri`. `client_id` is the address of its metadata.
pub(super) fn is_acceptable(uri: &str, application: ApplicationType, client_id: &Url) -> bool {
    let Some(url) = web_url::parse_uri(uri) else { return false };
    if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    match (application, url.scheme()) {
        (ApplicationType::Web, "https") => !web_url::is_local(&url),
        (ApplicationType::Native, "http") => is_loopback_address(&url),
        (ApplicationType::Native, scheme) => is_private_scheme(scheme, uri, client_id),
        (ApplicationType::Web, _) => false,
    }
}

/// `127.0.0.1` and `[::1]`, not `localhost`: a name may be resolved to another machine (RFC 8252, section 8.3).
pub(super) fn is_loopback_address(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.octets() == [127, 0, 0, 1],
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    }
}

/// `com.example.app:/path` of a client at `https://app.example.com/…`.
fn is_private_scheme(scheme: &str, uri: &str, client_id: &Url) -> bool {
    let Some(Host::Domain(host)) = client_id.host() else { return false };
    let labels: Vec<&str> = host.rsplit('.').collect();
    let path = &uri[scheme.len() + 1..];
    labels.len() > 1 && scheme == labels.join(".") && path.starts_with('/') && !path.starts_with("//")
}

/// Whether `uri` is the registered one; of a loopback address without a port, any port is.
pub(super) fn matches(registered: &str, uri: &str) -> bool {
    if registered == uri {
        return true;
    }
    let (Ok(registered), Ok(mut url)) = (Url::parse(registered), Url::parse(uri)) else { return false };
    is_loopback_address(&registered) && url.set_port(None).is_ok() && url == registered
}
