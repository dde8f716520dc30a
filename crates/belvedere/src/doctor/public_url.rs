//! Whether people can reach the server and sign in where it says it is.

use accounts::domains::{Domain, is_loopback};
use url::Url;

use super::Finding;
use super::patient::{Opened, Patient};

pub(super) async fn check(patient: &Patient) -> Vec<Finding> {
    let configured = patient.settings.public_url.as_ref();
    let mut findings = vec![configured.map_or_else(unset, sane)];
    if let Opened::Open(store) = &patient.store {
        findings.extend(match Domain::stored(&store.state).await {
            Ok(domains) => known(configured, &domains),
            Err(error) => Some(Finding::fail(error.to_string(), "see database")),
        });
    }
    findings
}

/// What is odd about listening elsewhere without a public URL, the configuration says.
fn unset() -> Finding {
    Finding::ok("not set: the server is for this machine")
}

fn sane(url: &Url) -> Finding {
    if url.scheme() == "http" && !is_loopback(url) {
        return Finding::warn(
            format!("{url} is not https: signing in and apps that act for users need it"),
            "put a proxy that ends TLS in front, and say https:// in public_url",
        );
    }
    if url.host_str() == Some("localhost") {
        return Finding::warn(
            format!("{url}: who signs in is sent back to 127.0.0.1, which browsers take for another site"),
            "say 127.0.0.1 instead of localhost in public_url and in the browser",
        );
    }
    Finding::ok(url.to_string())
}

/// Whether the server answers at the URL: it does at its domains and nowhere else.
fn known(configured: Option<&Url>, domains: &[Domain]) -> Option<Finding> {
    // Without one, no server has been here yet.
    let primary = domains.iter().find(|domain| domain.is_primary)?;
    let Some(configured) = configured else { return losing(primary) };
    let origin = configured.origin().ascii_serialization();
    if !domains.iter().any(|domain| domain.url == origin) {
        return Some(Finding::warn(
            format!("{origin} is not among the domains of the server, whose primary one is {}", primary.url),
            "restart the server, which follows public_url; if that was done, add the domain in its settings",
        ));
    }
    Some(if primary.url == origin {
        Finding::ok("it is the primary domain of the server")
    } else {
        Finding::ok(format!("it is a domain of the server; the primary one is {}", primary.url))
    })
}

/// A server that starts without its public URL takes the address it listens on for that.
fn losing(primary: &Domain) -> Option<Finding> {
    let lost = Url::parse(&primary.url).is_ok_and(|url| !is_loopback(&url));
    lost.then(|| {
        Finding::warn(
            format!(
                "public_url is not set, and the next start makes another domain primary than {}",
                primary.url
            ),
            format!("set public_url, for example to {}", primary.url),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Status;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let status = |url: &str| sane(&Url::parse(url).unwrap()).status;
        for good in
            ["https://view.example.com", "http://127.0.0.1:3000", "http://[::1]", "https://localhost.example"]
        {
            assert_eq!(status(good), Status::Ok, "{good}");
        }
        for odd in ["http://view.example.com", "http://192.0.2.7", "http://localhost:3000"] {
            assert_eq!(status(odd), Status::Warn, "{odd}");
        }
    }
}
