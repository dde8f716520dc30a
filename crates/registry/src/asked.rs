//! A request of the protocol, read as far as its head goes.

use std::borrow::Cow;
use std::net::IpAddr;

use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};
use oci::Route;
use readthrough::Asker;
use server::ClientAddress;
use url::form_urlencoded;

/// What somebody asks, and with what.
pub(crate) struct Asked {
    pub(crate) parts: Parts,
    pub(crate) route: Route,
    /// Whether something follows the head.
    pub(crate) has_body: bool,
}

impl Asked {
    /// A question of somebody at this address that is not one of the protocol.
    pub(crate) fn from_address(address: Option<IpAddr>) -> Self {
        let (mut parts, ()) = http::Request::new(()).into_parts();
        if let Some(address) = address {
            parts.extensions.insert(ClientAddress(address));
        }
        Self { parts, route: Route::Ping, has_body: false }
    }

    pub(crate) fn method(&self) -> &Method {
        &self.parts.method
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// A header, if it is one line of text.
    pub(crate) fn header(&self, name: HeaderName) -> Option<&str> {
        self.parts.headers.get(name)?.to_str().ok()
    }

    /// The query, percent-decoded.
    pub(crate) fn query(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        form_urlencoded::parse(self.parts.uri.query().unwrap_or_default().as_bytes())
    }

    /// The first value of a parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        self.query().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// How many bytes the body has, if the client says so.
    pub(crate) fn content_length(&self) -> Option<u64> {
        self.header(http::header::CONTENT_LENGTH)?.parse().ok()
    }

    /// Who pays for what has to be asked elsewhere.
    pub(crate) fn asker(&self) -> Asker<'static> {
        self.address().map_or(Asker::Local, Asker::Address)
    }

    /// Where it comes from; requests that came through no socket have no address.
    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.parts.extensions.get::<ClientAddress>().map(|client| client.0)
    }
}
