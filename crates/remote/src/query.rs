//! One XRPC query.

use std::sync::Arc;

use atproto::Did;
use url::Url;

use crate::RemoteError;
use crate::host::Sample;

/// A question to a host and how much of an answer is read.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    method: &'static str,
    parameters: Vec<(&'static str, String)>,
    accept: &'static str,
    max_bytes: usize,
    sample: Option<Sample>,
}

impl Query {
    /// A question that is answered with JSON.
    pub(crate) fn json(method: &'static str, max_bytes: usize) -> Self {
        Self { method, parameters: Vec::new(), accept: "application/json", max_bytes, sample: None }
    }

    /// A question that is answered with blocks.
    pub(crate) fn car(method: &'static str, did: &Did, max_bytes: usize) -> Self {
        let query = Self { accept: "application/vnd.ipld.car", ..Self::json(method, max_bytes) };
        query.with("did", did)
    }

    /// Adds a parameter.
    pub(crate) fn with(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.parameters.push((name, value.to_string()));
        self
    }

    /// Says what the time to its answer is a sample of.
    pub(crate) fn measured(mut self, sample: Sample) -> Self {
        self.sample = Some(sample);
        self
    }

    pub(crate) fn method(&self) -> &'static str {
        self.method
    }

    pub(crate) fn accept(&self) -> &'static str {
        self.accept
    }

    pub(crate) fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    pub(crate) fn sample(&self) -> Option<Sample> {
        self.sample
    }

    /// A failure of the connection while asking it.
    pub(crate) fn failed(&self, cause: outbound::Error) -> RemoteError {
        RemoteError::Transport { method: self.method, cause: Arc::new(cause) }
    }

    /// Its URL at a host.
    pub(crate) fn url(&self, origin: &Url) -> Url {
        let mut url = origin.clone();
        url.set_path(&format!("/xrpc/{}", self.method));
        url.query_pairs_mut().clear().extend_pairs(&self.parameters);
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_and_the_origin_stays() {
        let origin = Url::parse("https://pds.example.com").unwrap();
        let did = Did::parse("did:web:localhost%3A2583").unwrap();
        let query = Query::car("com.atproto.sync.getBlocks", &did, 1).with("cids", "a").with("cids", "b&c");
        assert_eq!(
            query.url(&origin).as_str(),
            "https://pds.example.com/xrpc/com.atproto.sync.getBlocks?did=did%3Aweb%3Alocalhost%253A2583&cids=a&cids=b%26c"
        );
    }
}
