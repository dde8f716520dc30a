//! From a handle to its DID.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use atproto::{Did, Handle};
use outbound::{Outbound, Redirects};
use url::Url;

use crate::config::ResolverConfig;
use crate::error::Error;
use crate::txt;

/// A DID has at most 2,048 characters.
const MAX_ANSWER: usize = 2 << 10;

/// Many hosts of handles serve no web pages at all; they should not make people wait.
const WELL_KNOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Asks DNS and the host at the same time. What DNS says counts; the host counts if DNS says nothing.
pub(crate) async fn resolve(
    outbound: &Outbound,
    config: &ResolverConfig,
    handle: &Handle,
) -> Result<Did, Error> {
    if handle.is_reserved() || (is_test(handle) && !config.dev) {
        return Err(Error::ReservedHandle { handle: handle.clone() });
    }
    let mut from_dns = pin!(by_dns(outbound, handle));
    let mut from_host = pin!(by_well_known(outbound, config, handle));
    let mut early = None;
    let from_dns = loop {
        tokio::select! {
            answer = &mut from_dns => break answer,
            answer = &mut from_host, if early.is_none() => early = Some(answer),
        }
    };
    let dns_failure = match from_dns {
        Ok(Some(did)) => return Ok(did),
        Ok(None) => None,
        Err(error) if error.is_transient() => Some(error),
        Err(error) => return Err(error),
    };
    let from_host = match early {
        Some(answer) => answer,
        None => from_host.await,
    };
    match (from_host?, dns_failure) {
        (Some(did), _) => Ok(did),
        (None, Some(error)) => Err(error),
        (None, None) => Err(Error::HandleNotFound { handle: handle.clone() }),
    }
}

async fn by_dns(outbound: &Outbound, handle: &Handle) -> Result<Option<Did>, Error> {
    match outbound.txt(&format!("_atproto.{handle}")).await {
        Ok(records) => {
            txt::did(&records).map_err(|txt::Ambiguous| Error::AmbiguousHandle { handle: handle.clone() })
        }
        Err(cause) => Err(Error::HandleUnavailable { handle: handle.clone(), cause: Arc::new(cause) }),
    }
}

/// Nothing if the host has nothing to say, or something that is not a DID.
async fn by_well_known(
    outbound: &Outbound,
    config: &ResolverConfig,
    handle: &Handle,
) -> Result<Option<Did>, Error> {
    let Some(url) = well_known_url(config, handle) else { return Ok(None) };
    let mut request = outbound
        .get(&url)
        .accept("text/plain")
        .max_bytes(MAX_ANSWER)
        .timeout(WELL_KNOWN_TIMEOUT)
        .redirects(Redirects::SameHost(3));
    if is_test(handle)
        && let Ok(host) = handle.as_str().parse()
    {
        request = request.header(http::header::HOST, host);
    }
    match request.send().await.and_then(outbound::Response::success) {
        Ok(response) => Ok(first_line(&response.body)),
        Err(error) if error.is_transient() => {
            Err(Error::HandleUnavailable { handle: handle.clone(), cause: Arc::new(error) })
        }
        Err(_) => Ok(None),
    }
}

/// `.test` names exist in no DNS, so a configured server answers for them, or nobody.
fn well_known_url(config: &ResolverConfig, handle: &Handle) -> Option<Url> {
    const PATH: &str = "/.well-known/atproto-did";
    if is_test(handle) {
        return config.test_handles.as_ref()?.join(PATH).ok();
    }
    Url::parse(&format!("https://{handle}{PATH}")).ok()
}

fn first_line(body: &[u8]) -> Option<Did> {
    let text = str::from_utf8(body).ok()?;
    Did::parse(text.trim_start().lines().next()?.trim()).ok()
}

fn is_test(handle: &Handle) -> bool {
    handle.as_str().rsplit('.').next() == Some("test")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_counts() {
        let did = |body: &[u8]| first_line(body).map(|did| did.to_string());
        assert_eq!(did(b"did:plc:abc"), Some("did:plc:abc".into()));
        assert_eq!(did(b"  did:plc:abc \r\nmore"), Some("did:plc:abc".into()));
        assert_eq!(did(b"<!doctype html>"), None);
        assert_eq!(did(b""), None);
        assert_eq!(did(b"\xff"), None);
    }

    #[test]
    fn where_handles_are_asked_for() {
        let mut config = ResolverConfig::new(Url::parse("https://plc.directory").unwrap());
        let url = |config: &ResolverConfig, handle| {
            well_known_url(config, &Handle::parse(handle).unwrap()).map(String::from)
        };
        assert_eq!(
            url(&config, "alice.example.com").as_deref(),
            Some("https://alice.example.com/.well-known/atproto-did")
        );
        assert_eq!(url(&config, "alice.test"), None);
        config.test_handles = Url::parse("http://localhost:2583").ok();
        assert_eq!(
            url(&config, "alice.test").as_deref(),
            Some("http://localhost:2583/.well-known/atproto-did")
        );
    }
}
