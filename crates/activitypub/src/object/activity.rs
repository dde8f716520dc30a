//! Something that somebody does.

use serde_json::Value;
use time::OffsetDateTime;

use crate::Address;

use super::{ActivityType, ActorType, Audience, Node, ObjectError, Reference};

/// An activity. That its actor did it is said by the signature of the request it came with, not by itself.
#[derive(Debug, Clone)]
pub struct Activity<'d> {
    /// Its name. Only an `Undo` and a `Block` may be without.
    pub id: Option<Address>,
    /// What is done; `None` if that means nothing here.
    pub activity_type: Option<ActivityType>,
    /// Who does it.
    pub actor: Address,
    /// What it is done to.
    pub object: Option<Reference<'d>>,
    /// Where to, of a move or an addition.
    pub target: Option<Address>,
    /// For whom.
    pub audience: Audience,
    /// Since when.
    pub published: Option<OffsetDateTime>,
    /// Everything it says.
    pub node: Node<'d>,
}

impl<'d> Activity<'d> {
    /// Reads one (spec/social.md §4.7, step 2).
    pub fn read(node: Node<'d>) -> Result<Self, ObjectError> {
        if node.types().next().is_none() {
            return Err(ObjectError::Property("type"));
        }
        let activity_type = ActivityType::of(node);
        let mut actors = node.values("actor");
        let actor = match (actors.next().and_then(Reference::of), actors.next()) {
            (Some(actor), None) => actor.address(),
            _ => None,
        };
        let nameless = matches!(activity_type, Some(ActivityType::Undo | ActivityType::Block));
        let id = node.id();
        if id.is_none() && !(nameless && node.properties().get("id").is_none_or(Value::is_null)) {
            return Err(ObjectError::Property("id"));
        }
        Ok(Self {
            id,
            activity_type,
            actor: actor.ok_or(ObjectError::Property("actor"))?,
            object: node.references("object").next(),
            target: node.address("target"),
            audience: Audience::read(node)?,
            published: node.time("published"),
            node,
        })
    }

    /// Refuses an activity whose id is of another server than its actor's (step 7).
    pub fn check_host(&self) -> Result<(), ObjectError> {
        match &self.id {
            Some(id) if !id.same_host(&self.actor) => Err(ObjectError::Foreign("id")),
            _ => Ok(()),
        }
    }

    /// The object in it, if its actor speaks for it: of the actor's host, and nobody else's; of actors, only itself. Otherwise only the
    /// object's own server can say what it is.
    #[must_use]
    pub fn own_object(&self) -> Option<Node<'d>> {
        let node = self.object.as_ref()?.node()?;
        let id = node.id().filter(|id| id.same_host(&self.actor))?;
        // The first author is the one that counts, here as for a note.
        let by_actor = |name| node.get(name).is_none() || node.address(name).as_ref() == Some(&self.actor);
        let another = ActorType::of(node).is_some() && id != self.actor;
        (by_actor("attributedTo") && by_actor("actor") && !another).then_some(node)
    }

    /// The activity that this one answers or takes back, if it is in it.
    #[must_use]
    pub fn inner(&self) -> Option<Result<Activity<'d>, ObjectError>> {
        let node = self.object.as_ref()?.node()?;
        ActivityType::of(node).map(|_| Self::read(node))
    }
}
