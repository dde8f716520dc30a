//! Taking over what a Thoughts server kept (spec/social.md §2; docs/social-schema.md has both schemas side by side).
//!
//! Rows come as JSON objects with a member for each column. Addresses stay what they are, because they follow from the uuids, so
//! the fediverse notices nothing. Importing again brings what was added since: what is here already stays as it is. A row
//! that cannot be taken over holds up no other.

mod api_key;
mod domain;
mod follow;
mod item;
mod notification;
mod picture;
mod reaction;
mod relation;
mod remote_actor;
mod tag;
mod thought;
mod user;
mod value;

use accounts::Vault;
pub use accounts::imported::Outcome;
use accounts::imported::{Item, take_all};
use serde_json::value::RawValue;
use store::Database;

pub use self::picture::OldPicture;
use crate::Error;
use crate::address::Addresses;

/// Kinds of rows that are taken over, by the tables that they are in there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are called as at the old server")]
pub enum Kind {
    Users,
    RemoteActors,
    Thoughts,
    ThoughtTags,
    Follows,
    FederationFollowers,
    FederationFollowing,
    TopFriends,
    Blocks,
    FederationBlockedActors,
    FederationBlockedDomains,
    Likes,
    Boosts,
    FederationAnnounces,
    Notifications,
    ApiKeys,
}

/// Takes rows over.
#[derive(Debug)]
pub struct Importer {
    state: Database,
    place: Place,
}

/// Where rows come to.
#[derive(Clone, Debug)]
struct Place {
    vault: Vault,
    addresses: Addresses,
}

impl Importer {
    /// Into `state`; private keys are sealed in `vault`, and who is at home at `addresses` is at home here.
    #[must_use]
    pub fn new(state: Database, vault: Vault, addresses: Addresses) -> Self {
        Self { state, place: Place { vault, addresses } }
    }

    /// Takes over rows of one kind, each after the rows it refers to.
    pub async fn take(&self, kind: Kind, rows: Vec<Box<RawValue>>) -> Result<Vec<Outcome>, Error> {
        match kind {
            Kind::Users => self.take_all::<user::User>(rows).await,
            Kind::RemoteActors => self.take_all::<remote_actor::RemoteActor>(rows).await,
            Kind::Thoughts => self.take_all::<thought::Thought>(rows).await,
            Kind::ThoughtTags => self.take_all::<tag::ThoughtTag>(rows).await,
            Kind::Follows => self.take_all::<follow::Follow>(rows).await,
            Kind::FederationFollowers => self.take_all::<follow::Follower>(rows).await,
            Kind::FederationFollowing => self.take_all::<follow::Following>(rows).await,
            Kind::TopFriends => self.take_all::<relation::TopFriend>(rows).await,
            Kind::Blocks => self.take_all::<relation::Block>(rows).await,
            Kind::FederationBlockedActors => self.take_all::<relation::BlockedActor>(rows).await,
            Kind::FederationBlockedDomains => self.take_all::<domain::BlockedDomain>(rows).await,
            Kind::Likes => self.take_all::<reaction::Like>(rows).await,
            Kind::Boosts => self.take_all::<reaction::Boost>(rows).await,
            Kind::FederationAnnounces => self.take_all::<reaction::Announce>(rows).await,
            Kind::Notifications => self.take_all::<notification::Notification>(rows).await,
            Kind::ApiKeys => self.take_all::<api_key::ApiKey>(rows).await,
        }
    }

    async fn take_all<T: Item<Context = Place, Error = Error>>(
        &self,
        rows: Vec<Box<RawValue>>,
    ) -> Result<Vec<Outcome>, Error> {
        take_all::<T>(&self.state, &self.place, rows).await
    }
}
