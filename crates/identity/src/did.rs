//! From a DID to its document.

use std::sync::Arc;

use atproto::Did;
use atproto::did_doc::DidDocument;
use outbound::{Outbound, Redirects};
use url::Url;

use crate::config::ResolverConfig;
use crate::error::Error;
use crate::identity::Identity;

/// Largest document read. An operation of the PLC directory has at most 4,000 bytes, real `did:web` documents
/// fewer; and a hundred thousand of these must fit in memory.
const MAX_DOCUMENT: usize = 16 << 10;

/// Fetches and reads the document of `did`.
pub(crate) async fn resolve(
    outbound: &Outbound,
    config: &ResolverConfig,
    did: &Did,
) -> Result<Arc<Identity>, Error> {
    let unavailable = |cause| Error::DidUnavailable { did: did.clone(), cause: Arc::new(cause) };
    let response = outbound
        .get(&document_url(did, config)?)
        .accept("application/did+ld+json, application/json")
        .max_bytes(MAX_DOCUMENT)
        .redirects(Redirects::None)
        .send()
        .await
        .map_err(unavailable)?;
    // 410 is what the directory may say of a deleted DID.
    if matches!(response.status.as_u16(), 404 | 410) {
        return Err(Error::DidNotFound { did: did.clone() });
    }
    let response = response.success().map_err(unavailable)?;
    let document = DidDocument::parse(&response.body, did)?;
    Ok(Arc::new(document.into()))
}

fn document_url(did: &Did, config: &ResolverConfig) -> Result<Url, Error> {
    let url = match did.method() {
        "plc" => plc_url(did, &config.plc_url),
        "web" => web_url(did.identifier(), config.dev),
        _ => Err("only did:plc and did:web are supported"),
    };
    url.map_err(|reason| Error::UnsupportedDid { did: did.clone(), reason })
}

fn plc_url(did: &Did, directory: &Url) -> Result<Url, &'static str> {
    let is_base32 = |byte: u8| matches!(byte, b'a'..=b'z' | b'2'..=b'7');
    let id = did.identifier();
    if id.len() != 24 || !id.bytes().all(is_base32) {
        return Err("a did:plc has 24 characters out of a-z and 2-7");
    }
    let mut url = directory.clone();
    let mut path =
        url.path_segments_mut().map_err(|()| "the URL of the PLC directory is not a web address")?;
    path.pop_if_empty().push(did.as_str());
    drop(path);
    Ok(url)
}

/// Only host names: no path (the protocol excludes it), no address, and a port only on the developer's own machine.
fn web_url(id: &str, dev: bool) -> Result<Url, &'static str> {
    if id.contains(':') {
        return Err("a did:web with a path is not supported");
    }
    let (host, port) = id.split_once("%3A").map_or((id, None), |(host, port)| (host, Some(port)));
    let local = dev && host == "localhost";
    if port.is_some() && !local {
        return Err("a did:web with a port is not supported");
    }
    let scheme = if local { "http" } else { "https" };
    let mut url = Url::parse(&format!("{scheme}://{host}/.well-known/did.json"))
        .map_err(|_| "a did:web must name a host")?;
    let is_name = url.domain() == Some(host) && (host.contains('.') || local);
    if !is_name {
        return Err("a did:web must name a host by its full lower-case domain name");
    }
    if let Some(port) = port {
        let port = port.parse().map_err(|_| "a did:web's port must be a number")?;
        url.set_port(Some(port)).map_err(|()| "a did:web must name a host")?;
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url_of(did: &str, dev: bool) -> Option<String> {
        let directory = Url::parse("https://plc.directory").unwrap();
        let config = ResolverConfig { dev, ..ResolverConfig::new(directory) };
        document_url(&Did::parse(did).unwrap(), &config).ok().map(String::from)
    }

    #[test]
    fn plc() {
        let did = "did:plc:z72i7hdynmk6r22z27h6tvur";
        assert_eq!(
            url_of(did, false).as_deref(),
            Some("https://plc.directory/did:plc:z72i7hdynmk6r22z27h6tvur")
        );
        for did in ["did:plc:short", "did:plc:Z72I7HDYNMK6R22Z27H6TVUR", "did:plc:z72i7hdynmk6r22z27h6tvu1"] {
            assert_eq!(url_of(did, false), None, "{did}");
        }
        let below = Url::parse("http://localhost/plc/").unwrap();
        let url = plc_url(&Did::parse(did).unwrap(), &below).unwrap();
        assert_eq!(url.path(), "/plc/did:plc:z72i7hdynmk6r22z27h6tvur");
    }

    #[test]
    fn web_is_a_host_and_nothing_else() {
        let url = url_of("did:web:example.com", false);
        assert_eq!(url.as_deref(), Some("https://example.com/.well-known/did.json"));
        for did in [
            "did:web:example.com:user:alice",
            "did:web:example.com%3A8443",
            "did:web:example.com%2Fpath",
            "did:web:user%40example.com",
            "did:web:Example.com",
            "did:web:127.0.0.1",
            "did:web:2130706433",
            "did:web:0x7f.1",
            "did:web:intranet",
            "did:web:localhost",
            "did:web:localhost%3A2583",
            "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
        ] {
            assert_eq!(url_of(did, false), None, "{did}");
        }
    }

    #[test]
    fn web_on_the_developers_machine() {
        let url = |did| url_of(did, true);
        assert_eq!(url("did:web:localhost").as_deref(), Some("http://localhost/.well-known/did.json"));
        assert_eq!(
            url("did:web:localhost%3A2583").as_deref(),
            Some("http://localhost:2583/.well-known/did.json")
        );
        assert_eq!(url("did:web:example.com").as_deref(), Some("https://example.com/.well-known/did.json"));
        for did in ["did:web:localhost%3A99999", "did:web:localhost%3A25%2Fx", "did:web:example.com%3A2583"] {
            assert_eq!(url(did), None, "{did}");
        }
    }
}
