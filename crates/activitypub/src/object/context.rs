//! What a document's own context may say.

use serde_json::Value;

use super::{NAMESPACE, ObjectError};

/// Names that decide something, and what they may be said to mean.
const CORE: [(&str, &[&str]); 9] = [
    ("id", &["@id"]),
    ("type", &["@type"]),
    ("actor", &["as:actor"]),
    ("object", &["as:object"]),
    ("attributedTo", &["as:attributedTo"]),
    ("to", &["as:to"]),
    ("cc", &["as:cc"]),
    ("inReplyTo", &["as:inReplyTo"]),
    ("inbox", &["ldp:inbox", "http://www.w3.org/ns/ldp#inbox"]),
];

/// Where keys come from.
const PUBLIC_KEY: [&str; 3] =
    ["sec:publicKey", "https://w3id.org/security#publicKey", "https://w3id.org/security/v1#publicKey"];

/// Refuses a context that renames what decides something: it is not expanded here, so it would be read as something else
/// than its author meant.
pub(super) fn check_context(context: Option<&Value>) -> Result<(), ObjectError> {
    match context {
        Some(Value::Array(list)) => list.iter().try_for_each(|entry| check_context(Some(entry))),
        Some(Value::Object(terms)) => {
            for (name, allowed) in CORE {
                check_term(name, terms.get(name), allowed)?;
            }
            check_term("publicKey", terms.get("publicKey"), &PUBLIC_KEY)?;
            let prefix = terms.get("as").and_then(Value::as_str);
            let own = |prefix| prefix == NAMESPACE || prefix == "http://www.w3.org/ns/activitystreams#";
            if terms.contains_key("as") && !prefix.is_some_and(own) {
                return Err(ObjectError::Context("as"));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn check_term(name: &'static str, definition: Option<&Value>, allowed: &[&str]) -> Result<(), ObjectError> {
    let meaning = match definition {
        None => return Ok(()),
        Some(Value::String(meaning)) => Some(meaning.as_str()),
        Some(Value::Object(definition)) if !definition.contains_key("@reverse") => {
            definition.get("@id").and_then(Value::as_str)
        }
        Some(_) => None,
    };
    let fine = meaning.is_some_and(|meaning| {
        let full = meaning.strip_prefix(NAMESPACE);
        allowed.iter().any(|allowed| {
            *allowed == meaning || full.is_some_and(|full| allowed.strip_prefix("as:") == Some(full))
        })
    });
    if fine { Ok(()) } else { Err(ObjectError::Context(name)) }
}
