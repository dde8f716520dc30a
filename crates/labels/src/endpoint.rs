//! Where a labeler is asked.

use atproto::did_doc::Service;
use identity::Identity;
use url::Url;

/// The stream of labels.
const SUBSCRIBE: &str = "/xrpc/com.atproto.label.subscribeLabels";

/// The labels of named records.
const QUERY: &str = "/xrpc/com.atproto.label.queryLabels";

/// The origin of a labeler's service, or else of its PDS (spec/appview.md §8.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint(Url);

impl Endpoint {
    /// `None` if the document names neither.
    pub(crate) fn of(identity: &Identity) -> Option<Self> {
        let origin = identity.document.service("atproto_labeler").and_then(Service::origin);
        let labeler = origin.and_then(|origin| Url::parse(&origin).ok());
        labeler.or_else(|| identity.pds.clone()).map(Self)
    }

    /// The stream after message `seq`.
    pub(crate) fn subscribe(&self, seq: i64) -> Url {
        let mut url = self.0.clone();
        // Both have the same ports and are of the same sort, for which this cannot fail.
        let scheme = if url.scheme() == "http" { "ws" } else { "wss" };
        let _ = url.set_scheme(scheme);
        url.set_path(SUBSCRIBE);
        url.query_pairs_mut().clear().append_pair("cursor", &seq.to_string());
        url
    }

    /// A page of what `source` says of these AT URIs.
    pub(crate) fn query(&self, source: &str, uris: &[String], limit: u32, cursor: Option<&str>) -> Url {
        let mut url = self.0.clone();
        url.set_path(QUERY);
        let mut query = url.query_pairs_mut();
        for uri in uris {
            query.append_pair("uriPatterns", uri);
        }
        query.append_pair("sources", source).append_pair("limit", &limit.to_string());
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        drop(query);
        url
    }
}

#[cfg(test)]
mod tests {
    use atproto::Did;
    use atproto::did_doc::DidDocument;
    use serde_json::json;

    use super::*;

    fn endpoint(services: &serde_json::Value) -> Option<Endpoint> {
        let did = Did::parse("did:plc:labeler").unwrap();
        let document = json!({ "id": did, "service": services });
        let document = DidDocument::parse(document.to_string().as_bytes(), &did).unwrap();
        Endpoint::of(&document.into())
    }

    #[test]
    fn the_labeler_comes_before_the_pds() {
        let pds = json!({ "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": "https://pds.test" });
        let labeler = json!({ "id": "#atproto_labeler", "type": "AtprotoLabeler", "serviceEndpoint": "https://mod.test/x" });
        assert_eq!(endpoint(&json!([])), None);
        let at = |services| endpoint(&services).unwrap().subscribe(7).to_string();
        assert_eq!(at(json!([pds])), "wss://pds.test/xrpc/com.atproto.label.subscribeLabels?cursor=7");
        assert_eq!(
            at(json!([pds, labeler])),
            "wss://mod.test/xrpc/com.atproto.label.subscribeLabels?cursor=7"
        );
    }

    #[test]
    fn uris_are_encoded() {
        let labeler = json!({ "id": "#atproto_labeler", "type": "AtprotoLabeler", "serviceEndpoint": "http://127.0.0.1:1" });
        let endpoint = endpoint(&json!([labeler])).unwrap();
        assert_eq!(endpoint.subscribe(0).scheme(), "ws");
        let url = endpoint.query("did:plc:labeler", &["at://did:plc:a/b.c.d/e&f".into()], 250, Some("9"));
        assert_eq!(
            url.query(),
            Some(
                "uriPatterns=at%3A%2F%2Fdid%3Aplc%3Aa%2Fb.c.d%2Fe%26f&sources=did%3Aplc%3Alabeler&limit=250&cursor=9"
            )
        );
    }
}
