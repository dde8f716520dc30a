//! Something that was written here.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::object::Visibility;
use crate::text::{self, Target};

use super::{context, put, written};

/// A thought as others read it. All addresses are whole.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the vocabulary says what they mean")]
pub struct NoteDocument<'n> {
    pub id: &'n str,
    pub attributed_to: &'n str,
    /// The author's followers.
    pub followers: &'n str,
    /// Plain text.
    pub content: &'n str,
    /// What its mentions and hashtags lead to; only what is named here is a link.
    pub targets: &'n [Target<'n>],
    pub language: Option<&'n str>,
    pub visibility: Visibility,
    /// Who is told beside those who are mentioned, such as the author of the parent.
    pub also: &'n [&'n str],
    pub published: Option<OffsetDateTime>,
    pub updated: Option<OffsetDateTime>,
    pub in_reply_to: Option<&'n str>,
    pub sensitive: bool,
    pub summary: Option<&'n str>,
    pub mood: Option<&'n str>,
}

impl NoteDocument<'_> {
    /// `to` and `cc`; those of its activities are the same.
    #[must_use]
    pub fn audience(&self) -> (Vec<&str>, Vec<&str>) {
        let mut named: Vec<&str> = Vec::new();
        let mentioned = self.targets.iter().filter_map(Target::actor);
        for actor in mentioned.chain(self.also.iter().copied()) {
            if !named.contains(&actor) {
                named.push(actor);
            }
        }
        match self.visibility {
            Visibility::Public => (vec![super::PUBLIC], [&[self.followers][..], &named].concat()),
            Visibility::Unlisted => (vec![self.followers], [&[super::PUBLIC][..], &named].concat()),
            Visibility::Followers => (vec![self.followers], named),
            Visibility::Private => (named, Vec::new()),
        }
    }

    /// The document.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut note = self.embedded();
        note["@context"] = context::note(self.mood.is_some());
        note
    }

    /// The same without a context, inside of an activity.
    #[must_use]
    pub fn embedded(&self) -> Value {
        let (to, cc) = self.audience();
        let content = text::render(self.content, self.targets);
        let mut map = Map::new();
        for (property, value) in [
            ("id", self.id),
            ("type", "Note"),
            ("url", self.id),
            ("attributedTo", self.attributed_to),
            ("inReplyTo", self.in_reply_to.unwrap_or_default()),
            ("summary", self.summary.unwrap_or_default()),
            ("mood", self.mood.unwrap_or_default()),
        ] {
            put(&mut map, property, value);
        }
        put(&mut map, "contentMap", self.language.map(|language| json!({ language: content })));
        map.insert("content".to_owned(), Value::from(content));
        put(&mut map, "source", json!({ "content": self.content, "mediaType": "text/plain" }));
        put(&mut map, "published", self.published.and_then(written));
        put(&mut map, "updated", self.updated.and_then(written));
        map.insert("to".to_owned(), Value::from(to));
        map.insert("cc".to_owned(), Value::from(cc));
        put(&mut map, "sensitive", self.sensitive);
        put(&mut map, "tag", self.targets.iter().map(Target::tag).collect::<Vec<_>>());
        Value::Object(map)
    }
}

/// What is left of the object `id`.
#[must_use]
pub fn tombstone(id: &str, deleted: Option<OffsetDateTime>) -> Value {
    let mut map = Map::new();
    put(&mut map, "@context", context::plain());
    put(&mut map, "id", id);
    put(&mut map, "type", "Tombstone");
    put(&mut map, "deleted", deleted.and_then(written));
    Value::Object(map)
}
