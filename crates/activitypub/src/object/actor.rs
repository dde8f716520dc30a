//! Somebody.

use time::OffsetDateTime;

use crate::Address;
use crate::signature::KeyId;

use super::{ActorKey, ActorType, Node, ObjectError};

/// Fields of a profile, and former names, that are read.
const MAX_FIELDS: usize = 16;
const MAX_ALIASES: usize = 32;

/// Characters of a name, of a summary and of a field.
const MAX_NAME: usize = 255;
const MAX_SUMMARY: usize = 20_000;
const MAX_FIELD: usize = 2_048;

/// An actor of another server, as it describes itself. Texts are HTML as it came: clean them before anybody sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the vocabulary says what they mean")]
pub struct Actor {
    pub id: Address,
    pub actor_type: ActorType,
    pub preferred_username: Option<String>,
    pub name: Option<String>,
    pub summary: Option<String>,
    pub url: Option<Address>,
    pub inbox: Address,
    pub shared_inbox: Option<Address>,
    pub outbox: Option<Address>,
    pub followers: Option<Address>,
    pub following: Option<Address>,
    pub featured: Option<Address>,
    pub icon: Option<Address>,
    pub image: Option<Address>,
    pub manually_approves_followers: bool,
    pub discoverable: bool,
    pub also_known_as: Vec<Address>,
    pub moved_to: Option<Address>,
    /// Names and values.
    pub fields: Vec<(String, String)>,
    pub keys: Vec<ActorKey>,
    pub published: Option<OffsetDateTime>,
}

impl Actor {
    /// Reads one. What it says of others is theirs to say.
    pub fn read(node: Node<'_>) -> Result<Self, ObjectError> {
        let actor_type = ActorType::of(node).ok_or(ObjectError::Type("an actor"))?;
        let cut = |name, limit| node.text(name).map(|text| text.chars().take(limit).collect::<String>());
        let endpoints = node.nodes("endpoints").next();
        Ok(Self {
            id: node.id().ok_or(ObjectError::Property("id"))?,
            actor_type,
            preferred_username: cut("preferredUsername", MAX_NAME).filter(|name| !name.is_empty()),
            name: cut("name", MAX_NAME),
            summary: cut("summary", MAX_SUMMARY),
            url: node.link("url"),
            inbox: node.address("inbox").ok_or(ObjectError::Property("inbox"))?,
            shared_inbox: endpoints.and_then(|endpoints| endpoints.address("sharedInbox")),
            outbox: node.address("outbox"),
            followers: node.address("followers"),
            following: node.address("following"),
            featured: node.address("featured"),
            icon: node.link("icon"),
            image: node.link("image"),
            manually_approves_followers: node.flag("manuallyApprovesFollowers"),
            discoverable: node.flag("discoverable"),
            also_known_as: node.addresses("alsoKnownAs").take(MAX_ALIASES).collect(),
            moved_to: node.address("movedTo"),
            fields: fields(node),
            keys: ActorKey::read_all(node),
            published: node.time("published"),
        })
    }

    /// The key that a request was signed with, if it is this actor's: it names itself so, names the actor as its owner, and all
    /// three are on one host.
    #[must_use]
    pub fn key(&self, key_id: &KeyId) -> Option<&ActorKey> {
        self.keys.iter().find(|key| key.owner == self.id && key_id.belongs_to(&key.id, &self.id))
    }
}

fn fields(node: Node<'_>) -> Vec<(String, String)> {
    let named = |name: &str| name == "PropertyValue" || name == "schema:PropertyValue";
    let fields = node.nodes("attachment").filter(|field| field.types().any(named)).take(MAX_FIELDS);
    let cut = |text: &str| text.chars().take(MAX_FIELD).collect();
    let value = |field: Node<'_>| field.text("value").or_else(|| field.text("schema:value")).map(cut);
    fields.filter_map(|field| Some((field.text("name").map(cut)?, value(field)?))).collect()
}
