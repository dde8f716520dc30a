//! What the names in our documents mean.

use serde_json::{Value, json};

use crate::media_type::PROFILE;

/// Everybody.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// That of activities without anything special in them.
pub(super) fn plain() -> Value {
    Value::from(PROFILE)
}

/// That of actors.
pub(super) fn actor() -> Value {
    let id = |name: &str| json!({ "@id": name, "@type": "@id" });
    json!([PROFILE, "https://w3id.org/security/v1", {
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "toot": "http://joinmastodon.org/ns#",
        "discoverable": "toot:discoverable",
        "featured": id("toot:featured"),
        "alsoKnownAs": id("as:alsoKnownAs"),
        "movedTo": id("as:movedTo"),
        "schema": "http://schema.org#",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
    }])
}

/// That of notes, and of activities with one in them.
pub(super) fn note(mood: bool) -> Value {
    let mut terms = json!({ "sensitive": "as:sensitive", "Hashtag": "as:Hashtag" });
    if mood {
        terms["mood"] = Value::from("urn:belvedere:mood");
    }
    json!([PROFILE, terms])
}
