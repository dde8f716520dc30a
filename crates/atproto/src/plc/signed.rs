//! A signed operation, as the directory keeps it.

use data_encoding::BASE32_NOPAD;
use serde::Deserialize;
use serde_json::{Map, Value};
use shrike::cbor::json::{Integers, json_to_drisl};

use super::{Operation, PlcError, Service};
use crate::crypto::{PrivateKey, PublicKey};
use crate::data::{self, DataError, Limits};
use crate::excerpt::excerpt;
use crate::{Cid, Did, jose};

/// Largest operation the directory takes, encoded.
const MAX_BYTES: usize = 4000;

/// Bounds of one as JSON, which is larger than its encoding.
const LIMITS: Limits = Limits { bytes: 16 << 10, depth: 8 };

/// An operation with its signature. That the signature is valid is not implied: see [`verify`](Self::verify).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOperation {
    json: Value,
    cid: Cid,
    content: Content,
    /// What was signed.
    unsigned: Vec<u8>,
    signature: [u8; 64],
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Operation(Operation),
    Tombstone { prev: Cid },
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Wire {
    #[serde(rename = "plc_operation")]
    Operation(Operation),
    #[serde(rename = "plc_tombstone")]
    Tombstone { prev: Cid },
    /// The first operation of DIDs made before 2023.
    #[serde(rename = "create", rename_all = "camelCase")]
    Create { signing_key: String, recovery_key: String, handle: String, service: String },
}

impl SignedOperation {
    /// Reads an operation as the directory serves it. Signature and previous operation are not checked.
    pub fn parse(json: &[u8]) -> Result<Self, PlcError> {
        let members: Map<String, Value> = data::parse_as(json, &LIMITS)?;
        Self::from_json(Value::Object(members))
    }

    fn from_json(json: Value) -> Result<Self, PlcError> {
        let content = match Wire::deserialize(&json) {
            Ok(Wire::Operation(operation)) => Content::Operation(operation),
            Ok(Wire::Tombstone { prev }) => Content::Tombstone { prev },
            Ok(Wire::Create { signing_key, recovery_key, handle, service }) => {
                Content::Operation(legacy(signing_key, recovery_key, &handle, service))
            }
            Err(error) => return Err(DataError::NotJson(excerpt(&error.to_string())).into()),
        };
        let mut unsigned = json.clone();
        let signature = unsigned.as_object_mut().and_then(|members| members.remove("sig"));
        let signature = signature.as_ref().and_then(Value::as_str).and_then(jose::decode);
        let signature = signature.and_then(|bytes| bytes.try_into().ok()).ok_or(PlcError::SignatureForm)?;
        let encoded = encode(&json)?;
        if encoded.len() > MAX_BYTES {
            return Err(PlcError::TooLarge { bytes: encoded.len(), limit: MAX_BYTES });
        }
        let cid = Cid::dag_cbor_sha256(&encoded);
        Ok(Self { json, cid, content, unsigned: encode(&unsigned)?, signature })
    }

    pub(super) fn sign(mut json: Value, key: &PrivateKey) -> Result<Self, PlcError> {
        json["sig"] = jose::encode(key.sign(&encode(&json)?)).into();
        Self::from_json(json)
    }

    /// The JSON to submit.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// What the next operation names as its predecessor.
    #[must_use]
    pub fn cid(&self) -> Cid {
        self.cid
    }

    /// The operation before this one; none before the first.
    #[must_use]
    pub fn prev(&self) -> Option<Cid> {
        match &self.content {
            Content::Operation(operation) => operation.prev,
            Content::Tombstone { prev } => Some(*prev),
        }
    }

    /// The state of the DID from here on; none if the DID was given up.
    #[must_use]
    pub fn operation(&self) -> Option<&Operation> {
        match &self.content {
            Content::Operation(operation) => Some(operation),
            Content::Tombstone { .. } => None,
        }
    }

    /// The operation to change and sign next: the same state, following this operation.
    #[must_use]
    pub fn next(&self) -> Option<Operation> {
        Some(Operation { prev: Some(self.cid), ..self.operation()?.clone() })
    }

    /// The DID that this operation creates; none if it is not the first one.
    #[must_use]
    pub fn did(&self) -> Option<Did> {
        if self.prev().is_some() {
            return None;
        }
        // The hash in the CID is the one the DID is made of.
        let name = BASE32_NOPAD.encode(&self.cid.to_bytes()[4..]).to_ascii_lowercase();
        Did::parse(&format!("did:plc:{}", &name[..24])).ok()
    }

    /// Checks that one of these keys, `did:key:…`, signed the operation. Of the two equivalent signatures only the one
    /// with the smaller s counts.
    pub fn verify(&self, rotation_keys: &[String]) -> Result<(), PlcError> {
        let signed = rotation_keys.iter().filter_map(|key| PublicKey::parse_did_key(key).ok());
        let mut signed = signed.map(|key| key.verify(&self.unsigned, &self.signature));
        if signed.any(|outcome| outcome.is_ok()) { Ok(()) } else { Err(PlcError::Signature(self.cid)) }
    }
}

fn encode(json: &Value) -> Result<Vec<u8>, PlcError> {
    json_to_drisl(json, Integers::Safe).map_err(|error| PlcError::NotEncodable(excerpt(&error.to_string())))
}

/// What an operation of the first kind means in terms of today's.
fn legacy(signing_key: String, recovery_key: String, handle: &str, endpoint: String) -> Operation {
    let pds = Service { kind: "AtprotoPersonalDataServer".to_owned(), endpoint };
    Operation {
        rotation_keys: vec![recovery_key, signing_key.clone()],
        verification_methods: [("atproto".to_owned(), signing_key)].into(),
        also_known_as: vec![format!("at://{handle}")],
        services: [("atproto_pds".to_owned(), pds)].into(),
        prev: None,
    }
}
