//! What can be checked and computed before the database is asked.

use atproto::data;
use atproto::data::record::{encode, inspect};
use atproto::{Cid, Nsid, RecordKey};
use serde_json::{Map, Value};

use super::{Expected, Write};
use crate::{Error, Limits};

/// One write, checked.
pub(super) struct Prepared {
    pub(super) collection: Nsid,
    /// `None` if it is to be chosen.
    pub(super) rkey: Option<RecordKey>,
    /// `None` if the record is to go.
    pub(super) content: Option<Content>,
    pub(super) expected: Expected,
    pub(super) creates: bool,
}

/// What is to be stored.
pub(super) struct Content {
    pub(super) json: String,
    pub(super) block: Vec<u8>,
    pub(super) cid: Cid,
    /// Those it refers to, each once.
    pub(super) blobs: Vec<Cid>,
}

impl Prepared {
    pub(super) fn of(write: Write, limits: &Limits) -> Result<Self, Error> {
        let expected = write.expected();
        let creates = matches!(write, Write::Create { .. });
        let (collection, rkey, record) = match write {
            Write::Create { collection, rkey, record } => (collection, rkey, Some(record)),
            Write::Put { collection, rkey, record, .. } => (collection, Some(rkey), Some(record)),
            Write::Delete { collection, rkey, .. } => (collection, Some(rkey), None),
        };
        let content = record.map(|record| Content::of(&collection, record, limits)).transpose()?;
        Ok(Self { collection, rkey, content, expected, creates })
    }
}

impl Content {
    /// A record as the protocol has it: an object within its bounds that has one CID, and whose `$type` is its collection.
    fn of(collection: &Nsid, mut record: Map<String, Value>, limits: &Limits) -> Result<Self, Error> {
        let kind = record.entry("$type").or_insert_with(|| collection.as_str().into());
        if kind.as_str() != Some(collection.as_str()) {
            return Err(Error::InvalidRecord(format!("the record's $type must be {collection}")));
        }
        let json = Value::Object(record).to_string();
        let invalid = |problem: String| Error::InvalidRecord(format!("the record is not valid: {problem}"));
        // What only one of the databases could keep would have another CID when it is read again.
        if matches!(data::storable(&json), std::borrow::Cow::Owned(_)) {
            return Err(invalid("it has U+0000 in a text".to_owned()));
        }
        inspect(json.as_bytes(), &data::Limits::default()).map_err(|error| invalid(error.to_string()))?;
        let block = encode(&json).map_err(|error| invalid(error.to_string()))?;
        let cid = Cid::dag_cbor_sha256(&block);
        let blobs = blobs_of(&json, limits).map_err(invalid)?;
        Ok(Self { json, block, cid, blobs })
    }
}

/// The blobs that a record refers to, sorted, each once.
fn blobs_of(json: &str, limits: &Limits) -> Result<Vec<Cid>, String> {
    let mut blobs = Vec::new();
    if json.contains("\"blob\"") {
        let record: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
        collect(&record, &mut blobs)?;
        blobs.sort_unstable();
        blobs.dedup();
    }
    if blobs.len() > limits.blobs_of_record {
        return Err(format!("it refers to more than {} blobs", limits.blobs_of_record));
    }
    Ok(blobs)
}

/// As deep as records may be, which [`inspect`] has seen to.
fn collect(value: &Value, blobs: &mut Vec<Cid>) -> Result<(), String> {
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| collect(item, blobs)),
        Value::Object(fields) if fields.get("$type").and_then(Value::as_str) == Some("blob") => {
            let link = fields.get("ref").and_then(|link| link.get("$link")).and_then(Value::as_str);
            let cid = link.and_then(|link| Cid::parse(link).ok()).filter(|cid| !cid.is_dag_cbor());
            blobs.push(cid.ok_or("a blob's `ref` must be a link to a raw CID")?);
            Ok(())
        }
        Value::Object(fields) => fields.values().try_for_each(|field| collect(field, blobs)),
        _ => Ok(()),
    }
}
