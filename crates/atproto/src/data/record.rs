//! What an index needs to know about a record.

use std::borrow::Cow;

use shrike::cbor::CborError;
use shrike::cbor::json::{Integers, JsonError, json_slice_to_drisl};

pub use super::decode::{Decoded, decode};
use super::scan::{Scan, check_size, not_json, scan};
use super::{DataError, Limits, NotEncodable, storable};
use crate::Cid;
use crate::excerpt::excerpt;

/// Longest string that counts as a reference. Every AT URI of a DID that can be resolved is shorter, and
/// PostgreSQL cannot index text of more than 2,704 bytes.
pub const MAX_REF_BYTES: usize = 2048;

/// An acceptable record.
#[derive(Debug)]
pub struct Inspected<'a> {
    /// The record as both databases can keep it: see [`storable`]. Numbers that are not integers are written in
    /// their shortest form, because PostgreSQL's numbers have limits JSON's do not have.
    pub text: Cow<'a, str>,
    /// The CID of the record as it arrived, or why it has none.
    pub cid: Result<Cid, NotEncodable>,
    /// Every string value of [`text`](Self::text) at any depth that begins with `at://`, sorted, each once. Keys do
    /// not count, nor do strings longer than [`MAX_REF_BYTES`].
    pub refs: Vec<Cow<'a, str>>,
}

/// Checks a record, computes its CID and collects its references, in microseconds.
///
/// An error means that the record must be dropped. A record outside the data model (a fraction, say) is no error:
/// only its [`cid`](Inspected::cid) is, since nothing can be compared with the announced one.
pub fn inspect<'a>(json: &'a [u8], limits: &Limits) -> Result<Inspected<'a>, DataError> {
    check_size(json.len(), limits)?;
    let json = str::from_utf8(json).map_err(|_| DataError::NotUtf8)?;
    match storable(json) {
        Cow::Borrowed(text) => {
            let Scan { refs, has_floats } = scan(text, limits)?;
            Ok(Inspected { text: shortest_numbers(Cow::Borrowed(text), has_floats)?, cid: cid(json), refs })
        }
        Cow::Owned(text) => {
            let Scan { refs, has_floats } = scan(&text, limits)?;
            let refs = refs.into_iter().map(|uri| Cow::Owned(uri.into_owned())).collect();
            Ok(Inspected { text: shortest_numbers(Cow::Owned(text), has_floats)?, cid: cid(json), refs })
        }
    }
}

/// The references of a record in the form [`inspect`] stores it, as its [`refs`](Inspected::refs) were: what a stored
/// record still holds when it is replaced or removed.
pub fn references<'a>(text: &'a str, limits: &Limits) -> Result<Vec<Cow<'a, str>>, DataError> {
    Ok(scan(text, limits)?.refs)
}

/// Writes scanned JSON anew if it has numbers that could be spelled with thousands of digits.
fn shortest_numbers(text: Cow<'_, str>, has_floats: bool) -> Result<Cow<'_, str>, DataError> {
    if !has_floats {
        return Ok(text);
    }
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| not_json(&error))?;
    Ok(Cow::Owned(value.to_string()))
}

/// The block of a record that [`inspect`] found nothing wrong with: what its CID is the hash of.
pub fn encode(json: &str) -> Result<Vec<u8>, NotEncodable> {
    match json_slice_to_drisl(json.as_bytes(), Integers::Safe) {
        Ok(encoded) => Ok(encoded),
        Err(JsonError::Drisl(CborError::InvalidCid(rule))) => Err(NotEncodable::Link(excerpt(&rule))),
        Err(JsonError::Drisl(error)) => Err(NotEncodable::Number(excerpt(&error.to_string()))),
        // The scan found the storable form well-formed, and that differs from the original only where strings held
        // U+0000, which is encodable, or lone surrogates.
        Err(JsonError::Parse(_)) => Err(NotEncodable::LoneSurrogate),
    }
}

/// The CID of JSON that has passed the scan in its storable form.
fn cid(json: &str) -> Result<Cid, NotEncodable> {
    Ok(Cid::dag_cbor_sha256(&encode(json)?))
}
