//! Somebody of this server.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::object::ActorType;
use crate::text;

use super::{context, put, written};

/// An actor as others read it. All addresses are whole.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the vocabulary says what they mean")]
pub struct ActorDocument<'a> {
    /// The actor's address, from which its collections follow.
    pub id: &'a str,
    pub actor_type: ActorType,
    pub preferred_username: &'a str,
    /// What it is called; its user name if that is nothing.
    pub name: &'a str,
    /// Plain text.
    pub summary: &'a str,
    pub url: &'a str,
    pub shared_inbox: &'a str,
    /// The public key in PEM.
    pub public_key_pem: &'a str,
    pub manually_approves_followers: bool,
    pub discoverable: bool,
    pub published: Option<OffsetDateTime>,
    pub updated: Option<OffsetDateTime>,
    /// Type and address of a picture.
    pub icon: Option<(&'a str, &'a str)>,
    pub image: Option<(&'a str, &'a str)>,
    pub also_known_as: &'a [String],
    pub moved_to: Option<&'a str>,
    /// Names and values, plain text.
    pub fields: &'a [(String, String)],
}

impl ActorDocument<'_> {
    /// The name of its key.
    #[must_use]
    pub fn key_id(id: &str) -> String {
        format!("{id}#main-key")
    }

    /// The document.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let id = self.id;
        let name = if self.name.is_empty() { self.preferred_username } else { self.name };
        let mut map = Map::new();
        put(&mut map, "@context", context::actor());
        for (property, value) in [
            ("id", id),
            ("type", self.actor_type.as_str()),
            ("preferredUsername", self.preferred_username),
            ("name", name),
            ("url", self.url),
            ("movedTo", self.moved_to.unwrap_or_default()),
        ] {
            put(&mut map, property, value);
        }
        for collection in ["inbox", "outbox", "followers", "following"] {
            put(&mut map, collection, format!("{id}/{collection}"));
        }
        put(&mut map, "featured", format!("{id}/featured"));
        put(
            &mut map,
            "summary",
            if self.summary.is_empty() { String::new() } else { text::render(self.summary, &[]) },
        );
        put(&mut map, "endpoints", json!({ "sharedInbox": self.shared_inbox }));
        let key = json!({ "id": Self::key_id(id), "owner": id, "publicKeyPem": self.public_key_pem });
        put(&mut map, "publicKey", key);
        put(&mut map, "manuallyApprovesFollowers", self.manually_approves_followers);
        put(&mut map, "discoverable", self.discoverable);
        put(&mut map, "published", self.published.and_then(written));
        put(&mut map, "updated", self.updated.and_then(written));
        put(&mut map, "icon", self.icon.map(picture));
        put(&mut map, "image", self.image.map(picture));
        put(&mut map, "alsoKnownAs", self.also_known_as.to_vec());
        let fields = self.fields.iter().map(|(name, value)| {
            json!({ "type": "PropertyValue", "name": name, "value": text::render_field(value) })
        });
        put(&mut map, "attachment", fields.collect::<Vec<_>>());
        Value::Object(map)
    }
}

fn picture((media_type, url): (&str, &str)) -> Value {
    json!({ "type": "Image", "mediaType": media_type, "url": url })
}
