//! A document as another server wrote it.

use serde::de::DeserializeSeed as _;
use serde_json::{Map, Value};

use crate::excerpt::excerpt;

use super::context::check_context;
use super::json::Bounded;
use super::{Node, ObjectError};

/// A JSON object that keeps to the bounds and to the meaning of names.
#[derive(Debug, Clone, PartialEq)]
pub struct Document(Map<String, Value>);

impl Document {
    /// Bytes that an inbox takes.
    pub const MAX_INBOX: usize = 256 * 1024;

    /// Bytes of what is fetched.
    pub const MAX_FETCHED: usize = 1024 * 1024;

    /// Reads at most `limit` bytes.
    pub fn parse(bytes: &[u8], limit: usize) -> Result<Self, ObjectError> {
        if bytes.len() > limit {
            return Err(ObjectError::TooLarge(limit));
        }
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let value = Bounded::new().deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
        match value.map_err(|error| ObjectError::Json(excerpt(&error.to_string())))? {
            Value::Object(map) => {
                check_context(map.get("@context"))?;
                Ok(Self(map))
            }
            _ => Err(ObjectError::NotAnObject),
        }
    }

    /// The object itself.
    #[must_use]
    pub fn node(&self) -> Node<'_> {
        Node::new(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> ObjectError {
        Document::parse(text.as_bytes(), 10_000).unwrap_err()
    }

    #[test]
    fn keeps_to_the_bounds() {
        let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(Document::parse(nested(63).as_bytes(), 10_000).is_ok());
        assert!(matches!(refused(&nested(64)), ObjectError::Json(_)));
        assert!(matches!(refused(&nested(1_000)), ObjectError::Json(_)));
        assert_eq!(refused(&" ".repeat(10_001)), ObjectError::TooLarge(10_000));
        assert_eq!(refused("[]"), ObjectError::NotAnObject);
        for bad in ["", "{", "{} {}", "nul", "{\"a\":1e999}"] {
            assert!(matches!(refused(bad), ObjectError::Json(_)), "{bad}");
        }
    }

    #[test]
    fn has_texts_that_can_be_kept() {
        let document = Document::parse(br#"{"name":"a\u0000b","x":["\u0000"],"y":"a"}"#, 100).unwrap();
        assert_eq!((document.node().text("name"), document.node().text("x")), (Some("ab"), Some("")));
    }

    #[test]
    fn says_once_who_did_what() {
        for name in ["id", "type", "actor", "object"] {
            assert!(matches!(refused(&format!("{{\"{name}\":1,\"{name}\":2}}")), ObjectError::Json(_)));
            assert!(matches!(
                refused(&format!("{{\"x\":[{{\"{name}\":1,\"{name}\":1}}]}}")),
                ObjectError::Json(_)
            ));
        }
        assert!(Document::parse(b"{\"name\":1,\"name\":2}", 100).is_ok());
    }

    #[test]
    fn means_what_everybody_means() {
        for good in [
            "{}",
            r#"{"@context":"https://www.w3.org/ns/activitystreams"}"#,
            r#"{"@context":["x",{"toot":"http://joinmastodon.org/ns#","id":"@id","type":"@type","inbox":"ldp:inbox","to":{"@id":"as:to","@type":"@id"}}]}"#,
        ] {
            assert!(Document::parse(good.as_bytes(), 1_000).is_ok(), "{good}");
        }
        for (name, meaning) in [
            ("actor", "\"https://evil.example/x\""),
            ("actor", "{\"@id\":\"as:object\"}"),
            ("id", "\"@type\""),
            ("attributedTo", "null"),
            ("publicKey", "{\"@id\":\"as:x\"}"),
            ("to", "{\"@reverse\":\"as:to\"}"),
            ("object", "7"),
            ("inbox", "[]"),
        ] {
            let text = format!("{{\"@context\":[[\"x\"],{{\"{name}\":{meaning}}}]}}");
            assert!(matches!(refused(&text), ObjectError::Context(_)), "{text}");
        }
    }
}
