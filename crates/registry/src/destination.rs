//! Where the blobs of a new image go (spec/registry.md §4.4), and who may use our own hold.

use atproto::Did;

use crate::asked::Asked;
use crate::auth::Presented;
use crate::holds::RemoteHold;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// What an owner's profile comes to.
pub(crate) struct Destination {
    /// Somebody else's hold, if it is not our own.
    pub(crate) remote: Option<RemoteHold>,
    /// Whether a manifest goes when its last tag is given to another.
    pub(crate) auto_remove_untagged: bool,
}

impl Destination {
    pub(crate) fn place(&self) -> Place {
        self.remote.as_ref().map_or(Place::Here, |hold| Place::In(hold.did.clone()))
    }
}

impl Registry {
    /// Where an owner wants their images. Whoever may not send anything to our own hold is refused, if it is that; whether another
    /// takes it is for that one to say.
    pub(crate) async fn destination(&self, asked: &Asked, owner: &Did) -> Result<Destination, Refusal> {
        let profile = self.profiles.of(owner, asked.asker()).await?;
        let auto_remove_untagged = profile.auto_remove_untagged;
        let remote = match Place::named(profile.default_hold, self.hold.did()) {
            Place::Here => None,
            Place::In(hold) => self.holds.find(&hold).await?,
        };
        if remote.is_none() {
            self.may_write_here(owner).await?;
        }
        Ok(Destination { remote, auto_remove_untagged })
    }

    /// Refuses who may not send blobs to our own hold. Accounts that are at home here were made by whoever runs it.
    pub(crate) async fn may_write_here(&self, owner: &Did) -> Result<(), Refusal> {
        if self.authors.is_hosted(owner) {
            return Ok(());
        }
        Ok(self.hold.rights(Some(owner)).await?.to_write()?)
    }

    /// Refuses who may not read from our own hold: that somebody may read a repository says nothing of it where the repository has
    /// images in other holds.
    pub(crate) async fn may_read_here(&self, asked: &Asked, presented: &Presented) -> Result<(), Refusal> {
        if self.hold.captain().is_public {
            return Ok(());
        }
        match presented.subject() {
            None => Err(self.unnamed(asked)),
            Some(subject) if self.authors.is_hosted(subject) => Ok(()),
            Some(subject) => Ok(self.hold.rights(Some(subject)).await?.to_read()?),
        }
    }

    /// What somebody who has not said who they are is told where that matters.
    pub(crate) fn unnamed(&self, asked: &Asked) -> Refusal {
        let scopes: Vec<_> = asked.route.scope(asked.method()).into_iter().collect();
        self.challenge(&scopes, None)
    }
}
