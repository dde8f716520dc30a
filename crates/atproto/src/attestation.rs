//! Attestations: what a service says of a record, as a signature that travels inside of it (spec/appview.md §5.10).
//!
//! Signed is the CID of the record without its `signatures`, but with a field `$sig` that says what kind of statement it is and
//! in which repository it holds. So a signature that is copied into another repository, or under another kind, is none.

use data_encoding::{BASE64, BASE64_NOPAD};
use serde_json::{Map, Value, json};

use crate::Cid;
use crate::crypto::{PrivateKey, PublicKey};
use crate::data::record::inspect;
use crate::data::{DataError, Limits, NotEncodable};

/// One entry of a record's `signatures`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// Its `$type`.
    pub kind: String,
    /// Where the key is that verifies it: a DID with a fragment, or a `did:key:`.
    pub key: String,
    /// r and s, 32 bytes each. Of what was [read](Self::read), whatever was there.
    pub signature: Vec<u8>,
}

/// Why a record cannot be attested, or nothing can be said of an attestation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttestationError {
    /// It is no record.
    #[error(transparent)]
    Record(#[from] DataError),
    /// It has no CID.
    #[error("the record cannot be signed: {0}")]
    NotEncodable(#[from] NotEncodable),
    /// An attestation without one of its parts.
    #[error("an attestation has a `$type`, a `key` and `signature`: {{ `$bytes` }}")]
    Incomplete,
}

impl Attestation {
    /// Attests a record. `key_id` is where others find the key; `repository` is a DID, or nothing.
    pub fn sign(
        record: Map<String, Value>,
        kind: &str,
        repository: &str,
        key: &PrivateKey,
        key_id: &str,
    ) -> Result<Self, AttestationError> {
        let signature = key.sign(&content(record, kind, repository)?.to_bytes()).to_vec();
        Ok(Self { kind: kind.to_owned(), key: key_id.to_owned(), signature })
    }

    /// Reads one as it stands in a record.
    pub fn read(json: &Value) -> Result<Self, AttestationError> {
        let text = |field: &Value| field.as_str().map(str::to_owned).ok_or(AttestationError::Incomplete);
        let bytes = text(&json["signature"]["$bytes"])?;
        let bytes = bytes.as_bytes();
        let signature = BASE64_NOPAD.decode(bytes).or_else(|_| BASE64.decode(bytes)).unwrap_or_default();
        Ok(Self { kind: text(&json["$type"])?, key: text(&json["key"])?, signature })
    }

    /// As it stands in a record.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let bytes = BASE64_NOPAD.encode(&self.signature);
        json!({ "$type": self.kind, "key": self.key, "signature": { "$bytes": bytes } })
    }

    /// Whether the holder of `key` made it, of this record, in this repository. Of the two signatures that are
    /// mathematically equivalent only the one with the smaller s counts.
    pub fn is_by(
        &self,
        key: &PublicKey,
        record: Map<String, Value>,
        repository: &str,
    ) -> Result<bool, AttestationError> {
        let content = content(record, &self.kind, repository)?;
        Ok(key.verify(&content.to_bytes(), &self.signature).is_ok())
    }
}

/// What is signed.
pub fn content(
    mut record: Map<String, Value>,
    kind: &str,
    repository: &str,
) -> Result<Cid, AttestationError> {
    record.remove("signatures");
    record.insert("$sig".to_owned(), json!({ "$type": kind, "repository": repository }));
    let json = Value::Object(record).to_string();
    Ok(inspect(json.as_bytes(), &Limits::default())?.cid?)
}
