//! Links from a record to the bytes of its blobs, which are on its author's PDS.

use atproto::{Cid, Did};
use serde_json::{Map, Value};
use url::Url;

/// Whether a record could contain a blob; a search, not a parse.
pub(super) fn may_have_blobs(json: &str) -> bool {
    json.contains("\"blob\"")
}

/// Gives every blob of a record a `url`; `None` if the text is not a record, which has been checked before it was stored.
pub(super) fn with_urls(json: &str, did: &Did, pds: &Url) -> Option<String> {
    let mut record: Value = serde_json::from_str(json).ok()?;
    link_all(&mut record, did, pds);
    Some(record.to_string())
}

/// Recursion ends: the parser follows 128 levels at most.
fn link_all(value: &mut Value, did: &Did, pds: &Url) {
    match value {
        Value::Object(fields) => match blob_cid(fields) {
            Some(cid) => {
                fields.insert("url".to_owned(), get_blob(pds, did, cid).into());
            }
            None => fields.values_mut().for_each(|value| link_all(value, did, pds)),
        },
        Value::Array(items) => items.iter_mut().for_each(|value| link_all(value, did, pds)),
        _ => {}
    }
}

/// The CID of a blob object; the author's text is only trusted to be one if it parses.
pub(super) fn blob_cid(fields: &Map<String, Value>) -> Option<Cid> {
    if fields.get("$type")?.as_str()? != "blob" {
        return None;
    }
    Cid::parse(fields.get("ref")?.get("$link")?.as_str()?).ok()
}

/// Where the bytes of a blob are.
pub(crate) fn get_blob(pds: &Url, did: &Did, cid: Cid) -> String {
    let pds = pds.as_str().trim_end_matches('/');
    // Of the characters of a DID only this one means something else in a query.
    let did = did.as_str().replace('%', "%25");
    format!("{pds}/xrpc/com.atproto.sync.getBlob?did={did}&cid={cid}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CID: &str = "bafkreiccldh766hwcnuxnf2wh6jgzepf2nlu2lvcllt63eww5p6chi4ity";

    #[test]
    fn links_blobs_at_any_depth() {
        let blob = json!({"$type": "blob", "ref": {"$link": CID}, "mimeType": "image/png", "size": 3});
        let record = json!({"avatar": blob, "images": [{"image": blob}], "n": 1});
        let did = Did::parse("did:web:localhost%3A1").unwrap();
        let linked =
            with_urls(&record.to_string(), &did, &Url::parse("https://pds.example").unwrap()).unwrap();
        let linked: Value = serde_json::from_str(&linked).unwrap();
        let url = format!(
            "https://pds.example/xrpc/com.atproto.sync.getBlob?did=did:web:localhost%253A1&cid={CID}"
        );
        assert_eq!(linked["avatar"]["url"], url);
        assert_eq!(linked["images"][0]["image"]["url"], url);
        assert_eq!(linked["n"], 1);
    }

    #[test]
    fn leaves_what_only_looks_like_one() {
        let record = json!({
            "a": {"$type": "blob", "ref": {"$link": "not-a-cid&x=1"}},
            "b": {"$type": "image", "ref": {"$link": CID}},
            "c": {"$type": "blob", "ref": CID},
            "d": "blob",
        });
        let did = Did::parse("did:plc:a").unwrap();
        let linked =
            with_urls(&record.to_string(), &did, &Url::parse("https://pds.example").unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&linked).unwrap(), record);
    }
}
