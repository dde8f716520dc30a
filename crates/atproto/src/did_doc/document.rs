//! A DID document.

use serde_json::Value;

use super::{DidDocError, Service};
use crate::crypto::PublicKey;
use crate::data::{self, Limits};
use crate::excerpt::excerpt;
use crate::{Did, Handle};

/// Largest accepted document. Real ones have one to four kilobytes.
pub const MAX_BYTES: usize = 64 << 10;

const LIMITS: Limits = Limits { bytes: MAX_BYTES, depth: 32 };

/// What the protocol uses of a DID document. Entries that make no sense are skipped, so a document is as useful as
/// its sound parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DidDocument {
    did: Did,
    handle: Option<Handle>,
    services: Vec<Service>,
    keys: Vec<(String, PublicKey)>,
}

impl DidDocument {
    /// Reads the document that `expected` was resolved to.
    pub fn parse(json: &[u8], expected: &Did) -> Result<Self, DidDocError> {
        let document = data::parse(json, &LIMITS)
            .map_err(|source| DidDocError::Unreadable { did: expected.clone(), source })?;
        let id = document["id"].as_str().unwrap_or_default();
        if id != expected.as_str() {
            return Err(DidDocError::WrongId { expected: expected.clone(), found: excerpt(id) });
        }
        let handle = entries(&document["alsoKnownAs"])
            .filter_map(|name| name.as_str()?.strip_prefix("at://"))
            .find_map(|name| Handle::parse(name).ok());
        let services = entries(&document["service"]).filter_map(|entry| service(entry, expected)).collect();
        let keys =
            entries(&document["verificationMethod"]).filter_map(|entry| key(entry, expected)).collect();
        Ok(Self { did: expected.clone(), handle, services, keys })
    }

    /// The account or service the document describes.
    #[must_use]
    pub fn did(&self) -> &Did {
        &self.did
    }

    /// The first valid handle among the document's names. It counts only if it resolves to this DID in turn.
    #[must_use]
    pub fn handle(&self) -> Option<&Handle> {
        self.handle.as_ref()
    }

    /// The origin of the server that holds the account's repository, such as `https://pds.example.com`.
    #[must_use]
    pub fn pds(&self) -> Option<String> {
        let service = self.service("atproto_pds")?;
        (service.kind == "AtprotoPersonalDataServer").then(|| service.origin())?
    }

    /// The first service whose id ends in `#` and this fragment.
    #[must_use]
    pub fn service(&self, fragment: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.fragment == fragment)
    }

    /// The key that signs the account's repository and its requests to services.
    #[must_use]
    pub fn signing_key(&self) -> Option<&PublicKey> {
        self.key("atproto")
    }

    /// The first usable key whose id ends in `#` and this fragment (`atproto_label` signs labels).
    #[must_use]
    pub fn key(&self, fragment: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|(name, _)| name == fragment).map(|(_, key)| key)
    }
}

/// The items of a list; nothing if it is something else, as `null` often is.
fn entries(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// The fragment of an id that is relative (`#x`) or absolute (`did:…#x`) and belongs to `did`.
fn fragment<'a>(entry: &'a Value, did: &Did) -> Option<&'a str> {
    let id = entry["id"].as_str()?;
    id.strip_prefix(did.as_str()).unwrap_or(id).strip_prefix('#')
}

fn service(entry: &Value, did: &Did) -> Option<Service> {
    Some(Service {
        fragment: fragment(entry, did)?.to_owned(),
        kind: entry["type"].as_str()?.to_owned(),
        endpoint: entry["serviceEndpoint"].as_str()?.to_owned(),
    })
}

fn key(entry: &Value, did: &Did) -> Option<(String, PublicKey)> {
    let text = entry["publicKeyMultibase"].as_str()?;
    let key = match entry["type"].as_str()? {
        "Multikey" => PublicKey::parse_multikey(text),
        "EcdsaSecp256k1VerificationKey2019" => PublicKey::parse_legacy_k256(text),
        "EcdsaSecp256r1VerificationKey2019" => PublicKey::parse_legacy_p256(text),
        _ => return None,
    };
    Some((fragment(entry, did)?.to_owned(), key.ok()?))
}
