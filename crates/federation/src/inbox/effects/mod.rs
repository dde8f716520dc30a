//! What activities do here (spec/social.md §4.9). Each is a function of the transaction that also remembers the activity.

mod follows;
mod moves;
mod people;
mod reactions;
mod reports;
mod thoughts;

use std::sync::Arc;

use activitypub::Address;
use activitypub::object::Actor;
use social::notifications::Notified;
use social::users::{self, User};
use store::Conn;

use super::notes::Incoming;
use crate::Error;
use crate::names::Names;

pub(crate) use self::moves::may_move;
pub(crate) use self::people::let_go;
pub(crate) use self::thoughts::keep as keep_note;

/// What an activity comes to. Everybody in it has been proven to be who they are, and speaks for themselves.
#[derive(Debug)]
pub(crate) enum Effect {
    Nothing,
    Follow { follower: Arc<Actor>, followed: String, id: String },
    Answer { by: Address, follow: Option<Address>, follower: Option<Address>, accepted: bool },
    Undo { by: Address, undone: Undone },
    Said(Incoming),
    Changed(Incoming),
    Profile(Arc<Actor>),
    Deleted { author: Address, address: Address },
    Ended(Address),
    Like { actor: Arc<Actor>, uuid: String, id: String },
    Announce { actor: Arc<Actor>, object: Address, original: Option<Incoming>, id: String, at: Option<i64> },
    Block { actor: Arc<Actor>, blocked: String },
    Flag { id: String, reported: Vec<Address>, comment: String },
    Moved { actor: Arc<Actor>, target: Arc<Actor> },
    MovedHere { actor: Arc<Actor>, uuid: String },
}

/// What is taken back.
#[derive(Debug)]
pub(crate) enum Undone {
    /// A follow of somebody here.
    Follow(String),
    /// A block of somebody here.
    Block(String),
    /// A like of this.
    Like(Address),
    /// A boost of this.
    Announce(Address),
    /// Whatever has this name.
    Named(Address),
}

/// What is told to lookers-on after the commit.
pub(crate) type Told = Vec<social::Told>;

/// The transaction.
pub(crate) struct Applying<'a, 'c> {
    pub(crate) conn: &'a mut Conn<'c>,
    pub(crate) now: i64,
    pub(crate) names: &'a Names,
}

/// Makes it so.
pub(crate) fn apply(applying: &mut Applying<'_, '_>, effect: &Effect) -> Result<Told, Error> {
    match effect {
        Effect::Nothing => Ok(Told::new()),
        Effect::Follow { follower, followed, id } => follows::follow(applying, follower, followed, id),
        Effect::Answer { by, follow, follower, accepted } => {
            follows::answer(applying, by, follow.as_ref(), follower.as_ref(), *accepted)
        }
        Effect::Undo { by, undone } => reactions::undo(applying, by, undone),
        Effect::Said(incoming) => thoughts::said(applying, incoming),
        Effect::Changed(incoming) => thoughts::changed(applying, incoming),
        Effect::Profile(actor) => people::profile(applying, actor),
        Effect::Deleted { author, address } => thoughts::deleted(applying, author, address),
        Effect::Ended(actor) => people::ended(applying, actor),
        Effect::Like { actor, uuid, id } => reactions::like(applying, actor, uuid, id),
        Effect::Announce { actor, object, original, id, at } => {
            reactions::announce(applying, actor, object, original.as_ref(), id, *at)
        }
        Effect::Block { actor, blocked } => follows::block(applying, actor, blocked),
        Effect::Flag { id, reported, comment } => reports::flag(applying, id, reported, comment),
        Effect::Moved { actor, target } => moves::moved(applying, actor, target),
        Effect::MovedHere { actor, uuid } => moves::moved_here(applying, actor, uuid),
    }
}

impl Applying<'_, '_> {
    /// The row of somebody elsewhere, made or brought up to date.
    fn intern(&mut self, actor: &Actor) -> Result<User, Error> {
        let id = crate::actors::intern(self.conn, self.now, actor, None)?;
        users::by_id(self.conn, id)?.ok_or(Error::Broken("somebody who was just kept is not there"))
    }

    /// Somebody elsewhere, if they are known.
    fn known(&mut self, address: &Address) -> Result<Option<User>, Error> {
        Ok(users::by_ap_id(self.conn, address.as_str())?)
    }

    /// Somebody here who is there.
    fn local(&mut self, uuid: &str) -> Result<Option<User>, Error> {
        let found = users::by_uuid(self.conn, uuid)?;
        Ok(found.filter(|user| {
            user.is_local() && !user.is_deleted && !user.is_suspended && user.uuid != users::INSTANCE
        }))
    }
}

/// What the rules of the microblog refuse has no effect; what fails, fails.
fn unless_refused<T>(outcome: Result<T, social::Error>) -> Result<Option<T>, Error> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(
            social::Error::NotFound(_)
            | social::Error::Invalid(_)
            | social::Error::BadRequest(_)
            | social::Error::Forbidden(_)
            | social::Error::Taken(_),
        ) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Notifications as lookers-on are told of them.
fn told(notified: impl IntoIterator<Item = Notified>) -> Told {
    let told = |notified: Notified| social::Told::Notified { id: notified.id.0, user_id: notified.user.0 };
    notified.into_iter().map(told).collect()
}
