//! From an activity to its effect, with everything fetched that it needs (spec/social.md §4.9).

use std::sync::Arc;

use activitypub::Address;
use activitypub::object::{
    Activity, ActivityType, Actor, ActorType, Node, Note, NoteType, Reference, Tombstone,
};

use super::effects::{Effect, Undone};
use super::{actor_of, notes};
use crate::Error;
use crate::actors::KeyOwner;
use crate::fetch::{Budget, FetchError};
use crate::services::Services;

/// What is done in the transaction, and what after it.
pub(super) struct Prepared {
    pub(super) effect: Effect,
    pub(super) after: After,
}

/// What follows a commit, without anybody waiting for it.
#[derive(Debug, Default)]
pub(super) struct After {
    /// What a note answers, and is not here.
    pub(super) ancestors_of: Option<Address>,
    /// Somebody who lets somebody here follow them: what they wrote.
    pub(super) posts_of: Option<Address>,
}

impl Prepared {
    pub(super) fn nothing() -> Self {
        Self::of(Effect::Nothing)
    }

    fn of(effect: Effect) -> Self {
        Self { effect, after: After::default() }
    }
}

impl After {
    /// What was asked for by nobody `changed` nothing, and has nothing fetched.
    pub(super) fn run(self, services: &Services, changed: bool) {
        if let Some(note) = self.ancestors_of.filter(|_| changed) {
            crate::remote::ancestors_behind(services, note);
        }
        if let Some(actor) = self.posts_of.filter(|_| changed) {
            crate::remote::posts_behind(services, actor);
        }
        services.events.ring();
    }
}

/// The effect of an activity that its actor has signed.
pub(super) async fn prepare(
    services: &Services,
    budget: &Budget,
    owner: &Arc<KeyOwner>,
    activity: &Activity<'_>,
) -> Result<Prepared, Error> {
    let Some(activity_type) = activity.activity_type else { return Ok(Prepared::nothing()) };
    let object = activity.object.as_ref();
    let address = object.and_then(Reference::address);
    let actor = || actor_of(services, budget, owner);
    let id = activity.id.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default();
    let local_actor =
        address.as_ref().and_then(|address| services.names.local_actor(address)).map(str::to_owned);
    Ok(Prepared::of(match activity_type {
        ActivityType::Follow => match local_actor {
            Some(followed) => Effect::Follow { follower: actor().await?, followed, id },
            None => Effect::Nothing,
        },
        ActivityType::Accept | ActivityType::Reject => {
            let accepted = activity_type == ActivityType::Accept;
            let after = After { posts_of: accepted.then(|| activity.actor.clone()), ..After::default() };
            return Ok(Prepared { effect: answer(activity, accepted)?, after });
        }
        ActivityType::Undo => undo(services, activity)?,
        ActivityType::Create => return created(services, budget, owner, activity).await,
        ActivityType::Update => return updated(services, budget, owner, activity).await,
        ActivityType::Delete => match address {
            Some(address) if address == activity.actor => Effect::Ended(address),
            Some(address) => Effect::Deleted { author: activity.actor.clone(), address },
            None => Effect::Nothing,
        },
        ActivityType::Like | ActivityType::EmojiReact => {
            match address.as_ref().and_then(|it| services.names.local_note(it)) {
                Some(uuid) => Effect::Like { actor: actor().await?, uuid: uuid.to_owned(), id },
                None => Effect::Nothing,
            }
        }
        ActivityType::Announce => return announced(services, budget, owner, activity, id).await,
        ActivityType::Block => match local_actor {
            Some(blocked) => Effect::Block { actor: actor().await?, blocked },
            None => Effect::Nothing,
        },
        ActivityType::Flag => Effect::Flag {
            id,
            reported: activity.node.addresses("object").take(50).collect(),
            comment: activity.node.text("content").unwrap_or_default().chars().take(2_000).collect(),
        },
        ActivityType::Move => moved(services, budget, owner, activity).await?,
        ActivityType::Add | ActivityType::Remove => Effect::Nothing,
    }))
}

/// The follow that is answered: by its id, or by who it was, if the answer says that.
fn answer(activity: &Activity<'_>, accepted: bool) -> Result<Effect, Error> {
    let follow = activity.object.as_ref().and_then(Reference::address);
    let follower = match activity.inner() {
        // Some only say what it was, and its name.
        Some(Err(_)) if follow.is_some() => {
            let node = activity.object.as_ref().and_then(Reference::node);
            if node.and_then(ActivityType::of) != Some(ActivityType::Follow) {
                return Ok(Effect::Nothing);
            }
            None
        }
        Some(inner) => {
            let inner = inner?;
            if inner.activity_type != Some(ActivityType::Follow) {
                return Ok(Effect::Nothing);
            }
            let followed = inner.object.as_ref().and_then(Reference::address);
            if followed.is_some_and(|followed| followed != activity.actor) {
                return Ok(Effect::Nothing);
            }
            Some(inner.actor)
        }
        None => None,
    };
    Ok(Effect::Answer { by: activity.actor.clone(), follow, follower, accepted })
}

fn undo(services: &Services, activity: &Activity<'_>) -> Result<Effect, Error> {
    let by = activity.actor.clone();
    let named = activity.object.as_ref().and_then(Reference::address);
    let inner = match (activity.inner(), named) {
        (Some(Ok(inner)), _) => inner,
        // Only its name, and perhaps what it was: whatever of this actor has it.
        (_, Some(id)) => return Ok(Effect::Undo { by, undone: Undone::Named(id) }),
        (Some(Err(error)), None) => return Err(error.into()),
        (None, None) => return Ok(Effect::Nothing),
    };
    if inner.actor != activity.actor {
        return Ok(Effect::Nothing);
    }
    let object = inner.object.as_ref().and_then(Reference::address);
    let local = |address: &Address| services.names.local_actor(address).map(str::to_owned);
    let undone = match (inner.activity_type, object) {
        (Some(ActivityType::Follow), Some(object)) => local(&object).map(Undone::Follow),
        (Some(ActivityType::Block), Some(object)) => local(&object).map(Undone::Block),
        (Some(ActivityType::Like | ActivityType::EmojiReact), Some(object)) => Some(Undone::Like(object)),
        (Some(ActivityType::Announce), Some(object)) => Some(Undone::Announce(object)),
        _ => None,
    };
    Ok(undone.map_or(Effect::Nothing, |undone| Effect::Undo { by, undone }))
}

async fn created(
    services: &Services,
    budget: &Budget,
    owner: &Arc<KeyOwner>,
    activity: &Activity<'_>,
) -> Result<Prepared, Error> {
    let Some(note) = note_of(services, budget, activity).await? else { return Ok(Prepared::nothing()) };
    keep(services, budget, owner, note, false).await
}

async fn updated(
    services: &Services,
    budget: &Budget,
    owner: &Arc<KeyOwner>,
    activity: &Activity<'_>,
) -> Result<Prepared, Error> {
    let address = activity.object.as_ref().and_then(Reference::address);
    if address.as_ref() == Some(&activity.actor) {
        // What an actor says of itself is asked for where it lives: its own server is where its key comes from.
        let embedded = activity.own_object().filter(|node| ActorType::of(*node).is_some());
        let actor = match embedded.map(Actor::read) {
            Some(Ok(actor)) => Arc::new(actor),
            _ => services.actors.fetch(budget, &activity.actor).await?,
        };
        if let Some(key) = owner.actor.get().and_then(|actor| actor.keys.first()) {
            services.actors.forget_key(key.id.as_str());
        }
        return Ok(Prepared::of(Effect::Profile(actor)));
    }
    let Some(note) = note_of(services, budget, activity).await? else { return Ok(Prepared::nothing()) };
    keep(services, budget, owner, note, true).await
}

/// The note of an activity: the one in it, if its actor speaks for it, or else the one at its origin. Of another author it is none of the
/// actor's.
async fn note_of(
    services: &Services,
    budget: &Budget,
    activity: &Activity<'_>,
) -> Result<Option<Note>, Error> {
    if let Some(node) = activity.own_object().filter(|node| NoteType::of(*node).is_some()) {
        let note = Note::read(node)?;
        return Ok((note.attributed_to == activity.actor).then_some(note));
    }
    let Some(address) = activity.object.as_ref().and_then(Reference::address) else { return Ok(None) };
    if !address.same_host(&activity.actor) {
        return Ok(None);
    }
    let embedded = activity.object.as_ref().and_then(Reference::node);
    if embedded.is_some_and(|node: Node<'_>| NoteType::of(node).is_none()) {
        return Ok(None);
    }
    let fetched = services.actors.fetcher().object(budget, &address).await?;
    if Tombstone::read(fetched.document.node()).is_ok() {
        return Ok(None);
    }
    let note = Note::read(fetched.document.node())?;
    Ok((note.attributed_to == activity.actor).then_some(note))
}

async fn keep(
    services: &Services,
    budget: &Budget,
    owner: &Arc<KeyOwner>,
    note: Note,
    is_update: bool,
) -> Result<Prepared, Error> {
    let wanted = notes::Wanted::of(&note, is_update);
    let names = services.names.clone();
    let relevant =
        services.state.read_brief(move |conn| super::relevance::is_relevant(conn, &names, &wanted)).await?;
    if !relevant {
        return Ok(Prepared::nothing());
    }
    let author = actor_of(services, budget, owner).await?;
    let after =
        After { ancestors_of: note.in_reply_to.is_some().then(|| note.id.clone()), ..After::default() };
    let incoming = notes::Incoming { author, note };
    let effect = if is_update { Effect::Changed(incoming) } else { Effect::Said(incoming) };
    Ok(Prepared { effect, after })
}

async fn announced(
    services: &Services,
    budget: &Budget,
    owner: &Arc<KeyOwner>,
    activity: &Activity<'_>,
    id: String,
) -> Result<Prepared, Error> {
    let Some(address) = activity.object.as_ref().and_then(Reference::address) else {
        return Ok(Prepared::nothing());
    };
    let at = activity.published.and_then(|at| i64::try_from(at.unix_timestamp_nanos() / 1_000).ok());
    if services.names.is_ours(&address) {
        let Some(_) = services.names.local_note(&address) else { return Ok(Prepared::nothing()) };
        let actor = actor_of(services, budget, owner).await?;
        return Ok(Prepared::of(Effect::Announce { actor, object: address, original: None, id, at }));
    }
    let (by, object) = (activity.actor.as_str().to_owned(), address.as_str().to_owned());
    let matters =
        services.state.read_brief(move |conn| super::relevance::of_announce(conn, &by, &object)).await?;
    if !matters.is_followed {
        return Ok(Prepared::nothing());
    }
    let actor = actor_of(services, budget, owner).await?;
    let original = if matters.is_here { None } else { Some(original(services, budget, &address).await?) };
    Ok(Prepared::of(Effect::Announce { actor, object: address, original, id, at }))
}

/// What somebody passes on, as its own server shows it, if that is for everybody.
async fn original(services: &Services, budget: &Budget, address: &Address) -> Result<notes::Incoming, Error> {
    let note = crate::remote::read(services, budget, address).await?;
    if !note.audience.public && !note.audience.unlisted {
        return Err(FetchError::Malformed("it is not for everybody".into()).into());
    }
    let author = services.actors.fetch(budget, &note.attributed_to).await?;
    Ok(notes::Incoming { author, note })
}

async fn moved(
    services: &Services,
    budget: &Budget,
    owner: &Arc<KeyOwner>,
    activity: &Activity<'_>,
) -> Result<Effect, Error> {
    let itself = activity.object.as_ref().and_then(Reference::address).as_ref() == Some(&activity.actor);
    let Some(target) = activity.target.as_ref().filter(|_| itself) else { return Ok(Effect::Nothing) };
    let old = activity.actor.as_str().to_owned();
    let may_move = services.read(move |conn| Ok(super::effects::may_move(conn, clock::now_micros(), &old)?));
    if !may_move.await? {
        return Ok(Effect::Nothing);
    }
    let actor = actor_of(services, budget, owner).await?;
    if let Some(uuid) = services.names.local_actor(target) {
        return Ok(Effect::MovedHere { actor, uuid: uuid.to_owned() });
    }
    services.actors.fetcher().try_again(target);
    let target = services.actors.fetch(budget, target).await?;
    if !target.also_known_as.contains(&activity.actor) {
        return Ok(Effect::Nothing);
    }
    Ok(Effect::Moved { actor, target })
}
