//! Labels as `com.atproto.label.queryLabels` answers with them.

use data_encoding::{BASE64_NOPAD, DecodeError};
use serde::Deserialize;

use super::fields::{Label, SignedLabel};

#[derive(Deserialize)]
pub(super) struct JsonLabel {
    ver: Option<u64>,
    src: String,
    uri: String,
    cid: Option<String>,
    val: String,
    neg: Option<bool>,
    cts: String,
    exp: Option<String>,
    sig: Option<JsonBytes>,
}

/// How the data model writes bytes as JSON.
#[derive(Deserialize)]
struct JsonBytes {
    #[serde(rename = "$bytes")]
    base64: String,
}

impl TryFrom<JsonLabel> for SignedLabel {
    type Error = DecodeError;

    fn try_from(json: JsonLabel) -> Result<Self, DecodeError> {
        let JsonLabel { ver, src, uri, cid, val, neg, cts, exp, sig } = json;
        // Written without padding, and read with it too (RFC 4648 §4).
        let decode = |sig: JsonBytes| BASE64_NOPAD.decode(sig.base64.trim_end_matches('=').as_bytes());
        let label = Label { src, uri, cid, val, neg: neg.unwrap_or_default(), cts, exp };
        Ok(Self { label, ver, sig: sig.map(decode).transpose()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_read_with_and_without_padding() {
        for sig in ["AQID", "AQIDBA", "AQIDBA=="] {
            let json = format!(
                r#"{{"ver":1,"src":"did:plc:x","uri":"did:plc:y","val":"spam","cts":"2026-01-01T00:00:00Z","sig":{{"$bytes":"{sig}"}},"more":[]}}"#
            );
            let signed: SignedLabel = serde_json::from_str(&json).unwrap();
            assert_eq!(signed.sig.unwrap()[..3], [1, 2, 3]);
            assert_eq!((signed.ver, signed.label.neg), (Some(1), false));
        }
        let bad = r#"{"src":"","uri":"","val":"","cts":"","sig":{"$bytes":"?"}}"#;
        assert!(serde_json::from_str::<SignedLabel>(bad).is_err());
    }

    #[test]
    fn what_is_absent_is_not_written() {
        let label = Label {
            src: "did:plc:x".into(),
            uri: "did:plc:y".into(),
            cid: None,
            val: "spam".into(),
            neg: false,
            cts: String::new(),
            exp: None,
        };
        let json = serde_json::to_string(&label).unwrap();
        assert_eq!(json, r#"{"src":"did:plc:x","uri":"did:plc:y","val":"spam","cts":""}"#);
    }
}
