//! A record as its new owner has it.

use atproto::data::record::encode;
use atproto::{Cid, Did};
use serde_json::{Map, Value};

/// The record, the bytes that it refers to with their types, and the CID that it must have there.
pub(super) struct Moved {
    pub(super) record: Map<String, Value>,
    pub(super) blobs: Vec<(Cid, String)>,
    pub(super) cid: Cid,
}

/// References to what moves, too, lead to where it moves. Nothing for what is no record.
pub(super) fn moved(json: &str, from: &Did, to: &Did) -> Option<Moved> {
    let mut record: Map<String, Value> = serde_json::from_str(json).ok()?;
    let mut blobs = Vec::new();
    let prefixes = [format!("at://{from}/"), format!("at://{to}/")];
    for field in record.values_mut() {
        walk(field, &prefixes, &mut blobs);
    }
    let cid = Cid::dag_cbor_sha256(&encode(&Value::Object(record.clone()).to_string()).ok()?);
    Some(Moved { record, blobs, cid })
}

/// As deep as records may be, which was seen to when it was written.
fn walk(value: &mut Value, prefixes: &[String; 2], blobs: &mut Vec<(Cid, String)>) {
    match value {
        Value::String(text) => {
            if let Some(rest) = text.strip_prefix(prefixes[0].as_str()) {
                *text = format!("{}{rest}", prefixes[1]);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, prefixes, blobs)),
        Value::Object(fields) => {
            if fields.get("$type").and_then(Value::as_str) == Some("blob") {
                let cid = fields.get("ref").and_then(|link| link.get("$link")).and_then(Value::as_str);
                let kind =
                    fields.get("mimeType").and_then(Value::as_str).unwrap_or("application/octet-stream");
                blobs.extend(cid.and_then(|cid| Cid::parse(cid).ok()).map(|cid| (cid, kind.to_owned())));
            }
            fields.values_mut().for_each(|field| walk(field, prefixes, blobs));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refers_to_the_old_owner_refers_to_the_new_one() {
        let [from, to] = ["did:web:alice.test", "did:plc:abc234"].map(|did| Did::parse(did).unwrap());
        let cid = Cid::raw_sha256(b"{}");
        let json = serde_json::json!({
            "$type": "io.atcr.tag", "manifest": "at://did:web:alice.test/io.atcr.manifest/ab", "repository": "app",
            "other": ["at://did:web:alice.test.example/x/y", "did:web:alice.test"],
            "bytes": { "$type": "blob", "ref": { "$link": cid.to_string() }, "mimeType": "text/plain", "size": 2 },
        });
        let moved = moved(&json.to_string(), &from, &to).unwrap();
        assert_eq!(moved.record["manifest"], "at://did:plc:abc234/io.atcr.manifest/ab");
        assert_eq!(moved.record["other"], json["other"]);
        assert_eq!(moved.blobs, [(cid, "text/plain".to_owned())]);
        assert!(super::moved("[]", &from, &to).is_none());
    }
}
