//! A service of a DID document.

use url::Url;

/// One entry of `service`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// What follows the `#` of its id, such as `atproto_pds`.
    pub fragment: String,
    /// Its type, such as `AtprotoPersonalDataServer`.
    pub kind: String,
    /// Its address, as the document has it.
    pub endpoint: String,
}

impl Service {
    /// Scheme, host and port of the endpoint (`https://pds.example.com`), without whatever follows; `None` unless it
    /// is an HTTP URL without credentials. Whether the host may be connected to is for the guard of outgoing
    /// connections to say.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let url = Url::parse(&self.endpoint).ok()?;
        let is_plain =
            matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
        is_plain.then(|| url.origin().ascii_serialization())
    }
}
