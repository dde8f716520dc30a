//! The DID document of a `did:web` (spec/appview.md §3.8; W3C DID Core).

use atproto::Did;
use serde_json::{Value, json};

use super::{Mode, methods::VerificationMethod, snapshot::Snapshot};

/// The document that says who `did` is and what is offered at `endpoint`; `None` in any other mode: then the DID is
/// described elsewhere, or not at all.
pub(crate) fn document(snapshot: &Snapshot, did: &Did, endpoint: &str) -> Option<Value> {
    let identity = snapshot.identity.as_ref().filter(|identity| identity.mode == Mode::DidWeb)?;
    let signing_key = identity.signing_key.as_deref().map(|key| ("#atproto", key));
    let others = snapshot.methods.iter().map(|method| (method.fragment.as_str(), method.public_key.as_str()));
    let keys: Vec<Value> = signing_key
        .into_iter()
        .chain(others)
        .map(|(fragment, key)| {
            json!({
                "id": format!("{did}{fragment}"),
                "type": VerificationMethod::KEY_TYPE,
                "controller": did.as_str(),
                "publicKeyMultibase": key,
            })
        })
        .collect();
    let services: Vec<Value> = snapshot
        .entries
        .iter()
        .map(|entry| {
            json!({
                "id": entry.fragment.as_str(),
                "type": entry.service_type,
                "serviceEndpoint": endpoint,
            })
        })
        .collect();
    Some(json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did.as_str(),
        "verificationMethod": keys,
        "service": services,
    }))
}
