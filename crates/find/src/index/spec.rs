//! What is in an index.

use std::fmt;

use atproto::Nsid;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::field::{Field, Reading, as_text};
use super::scalar::{END, Scalar, integer, push_name, push_nothing};
use crate::{Path, words};

/// Fields by which an index is looked up, at most.
pub const MAX_EQUAL: usize = 3;

/// Bytes of an author's DID that decide about an order.
const AUTHOR_BYTES: usize = 300;

/// Bytes of a record key that do: all that one may have.
const RKEY_BYTES: usize = 512;

/// An index of the records of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Whose records are in it.
    pub collection: Nsid,
    /// What it is of.
    pub content: Content,
}

/// What an index is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// Records that have certain values, in an order.
    Keys {
        /// By which fields they are looked up, at most [`MAX_EQUAL`], of which one at most is an array.
        equal: Vec<Field>,
        /// The order of those that have the same.
        order: Order,
    },
    /// Records that have certain words in any of these fields.
    Words {
        /// Each a text or a list of texts.
        #[serde(with = "paths")]
        fields: Vec<Path>,
    },
}

/// In which order an index has records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// When they were first seen here.
    Seen,
    /// By a field that is one value; among equals the AT URI decides.
    By(Field),
}

/// A record as an index sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) id: i64,
    pub(crate) did: &'a str,
    pub(crate) rkey: &'a str,
    pub(crate) created_at: i64,
    pub(crate) record: &'a Value,
}

impl Spec {
    /// What it is of, as it is stored.
    pub(crate) fn content_text(&self) -> String {
        // Strings and lists always have a JSON form.
        serde_json::to_string(&self.content).unwrap_or_default()
    }
}

impl Content {
    /// Whether it is within the bounds of an index.
    pub(crate) fn is_bounded(&self) -> bool {
        match self {
            Self::Keys { equal, order } => {
                let arrays = equal.iter().filter(|field| field.reading == Reading::Member).count();
                let is_one = !matches!(order, Order::By(field) if field.reading == Reading::Member);
                equal.len() <= MAX_EQUAL && arrays <= 1 && is_one
            }
            Self::Words { fields } => !fields.is_empty() && fields.len() <= words::MAX_FIELDS,
        }
    }

    /// The keys under which a record is in the index; of an index of words the one that its row has, if it has any.
    pub(crate) fn keys(&self, entry: &Entry<'_>) -> Vec<Vec<u8>> {
        let Self::Keys { equal, order } = self else { return Vec::new() };
        let mut keys = vec![Vec::with_capacity(96)];
        for field in equal {
            let values = field.all(entry.record);
            keys = keys
                .iter()
                .flat_map(|key| {
                    values.iter().map(|value| {
                        let mut key = key.clone();
                        value.push_exact(&mut key);
                        key
                    })
                })
                .collect();
        }
        for key in &mut keys {
            order.push(key, entry);
        }
        keys
    }
}

impl Order {
    /// Appends the place of a record in the order: no two have the same.
    pub(crate) fn push(&self, key: &mut Vec<u8>, entry: &Entry<'_>) {
        match self {
            Self::Seen => {
                key.extend_from_slice(&integer(entry.created_at));
                key.extend_from_slice(&integer(entry.id));
            }
            Self::By(field) => push_place(key, field.one(entry.record).as_ref(), entry.did, entry.rkey),
        }
    }
}

/// The place in an order by a field of the record with this value there.
pub(crate) fn place(value: Option<&Scalar>, did: &str, rkey: &str) -> Vec<u8> {
    let mut place = Vec::with_capacity(64);
    push_place(&mut place, value, did, rkey);
    place
}

fn push_place(key: &mut Vec<u8>, value: Option<&Scalar>, did: &str, rkey: &str) {
    match value {
        Some(value) => value.push_order(key),
        None => push_nothing(key),
    }
    // As in the AT URI, where a slash follows the DID.
    push_name(key, did, AUTHOR_BYTES, b'/');
    push_name(key, rkey, RKEY_BYTES, END);
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = match self.reading {
            Reading::Value => "",
            Reading::Instant => " as an instant",
            Reading::Member => "[*]",
        };
        write!(f, "{}{about}", self.path)
    }
}

impl fmt::Display for Content {
    /// `status = , createdAt as an instant`: what is looked up, then the order.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys { equal, order } => {
                equal.iter().try_for_each(|field| write!(f, "{field} =, "))?;
                write!(f, "{order}")
            }
            Self::Words { fields } => {
                let fields: Vec<String> = fields.iter().map(Path::to_string).collect();
                write!(f, "words of {}", fields.join(", "))
            }
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seen => f.write_str("in the order in which records were first seen"),
            Self::By(field) => write!(f, "in the order of {field}"),
        }
    }
}

mod paths {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::as_text;
    use crate::Path;

    #[derive(Serialize, Deserialize)]
    struct Text(#[serde(with = "as_text")] Path);

    pub(super) fn serialize<S: Serializer>(paths: &[Path], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(paths.iter().map(|path| Text(path.clone())))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Path>, D::Error> {
        Ok(Vec::<Text>::deserialize(deserializer)?.into_iter().map(|Text(path)| path).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keys(content: &Content, did: &str, rkey: &str, record: &Value) -> Vec<Vec<u8>> {
        content.keys(&Entry { id: 7, did, rkey, created_at: 5, record })
    }

    #[test]
    fn a_spec_comes_back_as_it_was_stored() {
        let field = |path: &str, reading| Field { path: path.parse().unwrap(), reading };
        for content in [
            Content::Words { fields: vec!["title".parse().unwrap(), "a.b[0]".parse().unwrap()] },
            Content::Keys { equal: vec![], order: Order::By(field("createdAt", Reading::Instant)) },
            Content::Keys {
                equal: vec![field("tags", Reading::Member), Field::value("a.b".parse().unwrap())],
                order: Order::Seen,
            },
        ] {
            let text = Spec { collection: "com.example.note".parse().unwrap(), content: content.clone() }
                .content_text();
            assert_eq!(serde_json::from_str::<Content>(&text).unwrap(), content, "{text}");
            assert!(content.is_bounded());
        }
    }

    #[test]
    fn a_record_has_a_key_for_each_of_its_values_and_none_without() {
        let tags = Field { path: "tags".parse().unwrap(), reading: Reading::Member };
        let lang = Field::value("lang".parse().unwrap());
        let content = Content::Keys { equal: vec![lang, tags], order: Order::Seen };
        assert_eq!(
            keys(&content, "did:web:a", "b", &json!({"lang": "en", "tags": ["x", "y", "x"]})).len(),
            2
        );
        assert_eq!(keys(&content, "did:web:a", "b", &json!({"lang": "en", "tags": []})).len(), 0);
        assert_eq!(keys(&content, "did:web:a", "b", &json!({"tags": ["x"]})).len(), 0);
        let all = Content::Keys { equal: vec![], order: Order::By(Field::value("lang".parse().unwrap())) };
        assert_eq!(keys(&all, "did:web:a", "b", &json!({})).len(), 1, "what has no value has a place");
    }

    /// What PostgreSQL refuses to index would stop the stream.
    #[test]
    fn no_key_is_too_long_for_an_index() {
        let text = "\u{10FFFF}".repeat(5000);
        let fields = ["a", "b", "c"].map(|name| Field::value(name.parse().unwrap()));
        let order = Order::By(Field::value("d".parse().unwrap()));
        let content = Content::Keys { equal: fields.to_vec(), order };
        let record = json!({"a": text, "b": text, "c": text, "d": text});
        let keys = keys(&content, &format!("did:web:{}", "a".repeat(2000)), &"r".repeat(512), &record);
        assert!(keys[0].len() < 2500, "{}", keys[0].len());
    }

    #[test]
    fn among_equals_the_uri_decides() {
        let order = Content::Keys { equal: vec![], order: Order::By(Field::value("a".parse().unwrap())) };
        let key = |did, rkey, record: Value| keys(&order, did, rkey, &record).remove(0);
        let ascending = [
            key("did:web:a", "b", json!({})),
            key("did:web:a", "a", json!({"a": 1})),
            key("did:web:a", "b", json!({"a": 1})),
            key("did:web:b.example-by", "a", json!({"a": 1})),
            key("did:web:b.example", "a", json!({"a": 1})),
            key("did:web:a", "a", json!({"a": "x"})),
            key("did:web:a", "a", json!({"a": "xy"})),
        ];
        assert!(ascending.is_sorted());
    }
}
