//! A label, and a label with its signature.

use crate::{AtUri, Nsid};
use serde::{Deserialize, Serialize};

use super::json::JsonLabel;

/// What somebody says of an account or a record (`com.atproto.label.defs#label`), as it was said: nothing is checked.
///
/// As JSON it is the object that views carry in their `labels`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The DID of whoever says it.
    pub src: String,
    /// What it is said of: the AT URI of a record, or the DID of an account.
    pub uri: String,
    /// The one version of the record it is about; `None` for all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cid: Option<String>,
    /// The word: at most 128 bytes.
    pub val: String,
    /// Whether it takes an earlier label with the same `src`, `uri` and `val` back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub neg: bool,
    /// When it was said (RFC 3339); empty for what an author says of a record in the record itself.
    pub cts: String,
    /// From when on it is void (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<String>,
}

/// A label as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "JsonLabel")]
pub struct SignedLabel {
    /// What is said.
    pub label: Label,
    /// The version of the signed form; 1 if it is there.
    pub ver: Option<u64>,
    /// Over the label in its signed form.
    pub sig: Option<Vec<u8>>,
}

impl Label {
    /// Whether it is about the version of its subject with this CID: it names that one, or none. What has no CID is no version
    /// that a label could name.
    #[must_use]
    pub fn is_about(&self, cid: Option<&str>) -> bool {
        self.cid.is_none() || self.cid.as_deref() == cid
    }

    /// The collection of the record it is about; `None` if it is about an account.
    #[must_use]
    pub fn collection(&self) -> Option<Nsid> {
        AtUri::parse(&self.uri).ok()?.collection().cloned()
    }
}
