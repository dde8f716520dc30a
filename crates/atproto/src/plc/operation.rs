//! What an operation says of a DID.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{PlcError, SignedOperation};
use crate::Cid;
use crate::crypto::{PrivateKey, PublicKey};
use crate::excerpt::excerpt;

/// Most entries the directory takes of one kind.
const MAX_ENTRIES: usize = 10;

/// The state of a DID from this operation on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// The keys that may sign the next operation, the most powerful first, as `did:key:…`.
    pub rotation_keys: Vec<String>,
    /// The keys of the DID document by their fragment (`atproto`), as `did:key:…`.
    pub verification_methods: BTreeMap<String, String>,
    /// Its names, as `at://handle`.
    pub also_known_as: Vec<String>,
    /// The services of the DID document by their fragment.
    pub services: BTreeMap<String, Service>,
    /// The operation before this one; none in the first.
    pub prev: Option<Cid>,
}

/// An entry of [`Operation::services`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Its type, such as `AtprotoPersonalDataServer`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its URL.
    pub endpoint: String,
}

impl Operation {
    /// Signs the operation with a rotation key, as it is submitted to the directory. The first operation may be signed
    /// by a key it names itself, any other one by a key of the operation before it.
    pub fn sign(&self, key: &PrivateKey) -> Result<SignedOperation, PlcError> {
        for (list, length) in [
            ("rotation keys", self.rotation_keys.len()),
            ("verification methods", self.verification_methods.len()),
            ("names", self.also_known_as.len()),
            ("services", self.services.len()),
        ] {
            if length > MAX_ENTRIES {
                return Err(PlcError::TooMany { list, limit: MAX_ENTRIES });
            }
        }
        if let Some(bad) = self.rotation_keys.iter().find(|key| PublicKey::parse_did_key(key).is_err()) {
            return Err(PlcError::RotationKey(excerpt(bad)));
        }
        SignedOperation::sign(self.to_unsigned(), key)
    }

    fn to_unsigned(&self) -> Value {
        json!({
            "type": "plc_operation",
            "rotationKeys": self.rotation_keys,
            "verificationMethods": self.verification_methods,
            "alsoKnownAs": self.also_known_as,
            "services": self.services,
            "prev": self.prev,
        })
    }
}
