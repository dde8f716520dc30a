//! Documents of DIDs of this server's hosts that somebody else here answers for.

use std::sync::Arc;

use atproto::Did;
use serde_json::Value;

use super::Service;

/// Whoever else here has DIDs of the method `web`: repositories that are at home here. Asked for every document, so from memory.
pub trait Documents: Send + Sync + 'static {
    /// The document of this DID, if it is one of theirs.
    fn document(&self, did: &Did) -> Option<Value>;
}

impl Service {
    /// Who else has DIDs of the method `web` here; said once, when the server is put together.
    pub fn use_documents(&self, documents: Arc<dyn Documents>) {
        // A second one would be a mistake of the composition root, and changes nothing.
        let _ = self.documents.set(documents);
    }

    /// The document that they have of this DID.
    pub(super) fn document_elsewhere(&self, did: &Did) -> Option<Value> {
        self.documents.get()?.document(did)
    }
}

/// One document of both, about the same DID. Of two keys or services of one name theirs counts: there commits are signed with it.
pub(super) fn merged(mut theirs: Value, ours: &Value) -> Value {
    for list in ["verificationMethod", "service"] {
        let ours = ours[list].as_array().into_iter().flatten();
        let Some(entries) = theirs[list].as_array_mut() else { continue };
        for entry in ours {
            if entries.iter().all(|there| there["id"] != entry["id"]) {
                entries.push(entry.clone());
            }
        }
    }
    theirs
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_document_has_what_both_have_and_each_name_once() {
        let key = |key: &str| json!({ "id": "did:web:a.test#atproto", "publicKeyMultibase": key });
        let service = |id: &str| json!({ "id": id, "serviceEndpoint": "https://a.test" });
        let theirs = json!({
            "id": "did:web:a.test", "alsoKnownAs": ["at://a.test"],
            "verificationMethod": [key("theirs")], "service": [service("#atproto_pds")],
        });
        let attestation = json!({ "id": "did:web:a.test#attestation", "publicKeyMultibase": "z" });
        let ours = json!({
            "id": "did:web:a.test", "verificationMethod": [key("ours"), attestation],
            "service": [service("#atproto_pds"), service("#appview")],
        });
        let merged = merged(theirs, &ours);
        assert_eq!(merged["alsoKnownAs"], json!(["at://a.test"]));
        assert_eq!(merged["verificationMethod"], json!([key("theirs"), attestation]));
        assert_eq!(merged["service"], json!([service("#atproto_pds"), service("#appview")]));
    }
}
