//! Something that somebody of this server does.

use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::object::ActivityType;

use super::{context, put, written};

/// An activity as it is sent.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the vocabulary says what they mean")]
pub struct ActivityDocument<'a> {
    pub id: &'a str,
    pub activity_type: ActivityType,
    pub actor: &'a str,
    /// An address, or an object without a context of its own.
    pub object: Value,
    pub target: Option<&'a str>,
    pub to: Vec<&'a str>,
    pub cc: Vec<&'a str>,
    pub published: Option<OffsetDateTime>,
}

impl<'a> ActivityDocument<'a> {
    /// One for nobody in particular.
    #[must_use]
    pub fn new(id: &'a str, activity_type: ActivityType, actor: &'a str, object: impl Into<Value>) -> Self {
        let (to, cc) = (Vec::new(), Vec::new());
        Self { id, activity_type, actor, object: object.into(), target: None, to, cc, published: None }
    }

    /// The same, for these.
    #[must_use]
    pub fn addressed(self, (to, cc): (Vec<&'a str>, Vec<&'a str>)) -> Self {
        Self { to, cc, ..self }
    }

    /// The document.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let object = &self.object;
        let context = match object.get("type").and_then(Value::as_str) {
            Some("Note") => context::note(object.get("mood").is_some()),
            Some("Person" | "Service" | "Application") => context::actor(),
            _ => context::plain(),
        };
        let mut activity = self.embedded();
        activity["@context"] = context;
        activity
    }

    /// The same without a context, inside of another activity or a collection.
    #[must_use]
    pub fn embedded(&self) -> Value {
        let mut map = Map::new();
        put(&mut map, "id", self.id);
        put(&mut map, "type", self.activity_type.as_str());
        put(&mut map, "actor", self.actor);
        let mut object = self.object.clone();
        if let Some(object) = object.as_object_mut() {
            object.remove("@context");
        }
        put(&mut map, "object", object);
        put(&mut map, "target", self.target.unwrap_or_default());
        put(&mut map, "to", self.to.clone());
        put(&mut map, "cc", self.cc.clone());
        put(&mut map, "published", self.published.and_then(written));
        Value::Object(map)
    }
}

/// `actor` lets somebody follow: `follow` is the other's activity with the id it came with.
#[must_use]
pub fn accept(id: &str, actor: &str, follow: &ActivityDocument<'_>) -> Value {
    answer(id, ActivityType::Accept, actor, follow)
}

/// `actor` does not, or not any more.
#[must_use]
pub fn reject(id: &str, actor: &str, follow: &ActivityDocument<'_>) -> Value {
    answer(id, ActivityType::Reject, actor, follow)
}

fn answer(id: &str, activity_type: ActivityType, actor: &str, follow: &ActivityDocument<'_>) -> Value {
    let to = (vec![follow.actor], Vec::new());
    ActivityDocument::new(id, activity_type, actor, follow.embedded()).addressed(to).to_json()
}

/// What `activity` did is not so any more; for those whom it was for.
#[must_use]
pub fn undo(id: &str, activity: &ActivityDocument<'_>) -> Value {
    let audience = (activity.to.clone(), activity.cc.clone());
    ActivityDocument::new(id, ActivityType::Undo, activity.actor, activity.embedded())
        .addressed(audience)
        .to_json()
}
