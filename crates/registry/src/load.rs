//! What is not known here is asked of whoever's it is (spec/registry.md §5.4).
//!
//! The stream brings what people push elsewhere, and what is pushed here is known at once. This is for the rest: an owner nobody has
//! asked for yet, an index that was just made anew. The owner's host is asked for the one record that is wanted, then for all that
//! it has, and [not only for a page of it](crate::history); each question is asked once, however many wait for the answer, and answers
//! of "no" are remembered for a while.

use std::time::Duration;

use atproto::{Did, Nsid, RecordKey};
use oci::Reference;
use readthrough::{How, Policy};
use tokio::time::{Instant, sleep};

use crate::Repository;
use crate::asked::Asked;
use crate::lexicon::{self, manifest_rkeys, tag_rkeys};
use crate::refusal::Refusal;
use crate::registry::Registry;

/// How long a request waits for an index that is being made anew.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it looks.
const POLL: Duration = Duration::from_millis(50);

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loaded {
    /// Nothing that was not known before.
    Nothing,
    /// Something, and it is in the index.
    Something,
    /// Something perhaps, but nobody can say what else there is: the owner's host does not answer, or has been asked too often.
    Unknown,
}

impl Loaded {
    fn of(how: How) -> Self {
        match how {
            How::Fetched => Self::Something,
            How::Here | How::Absent | How::KnownAbsent => Self::Nothing,
            How::Unavailable { .. } | How::OverBudget | How::NotAsked => Self::Unknown,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Something, _) | (_, Self::Something) => Self::Something,
            (Self::Nothing, Self::Nothing) => Self::Nothing,
        }
    }
}

impl Registry {
    /// Asks for the records of one manifest, by any name.
    pub(crate) async fn load_manifest(
        &self,
        asked: &Asked,
        repository: &Repository,
        reference: &Reference,
    ) -> Result<Loaded, Refusal> {
        if self.authors.is_hosted(&repository.owner) {
            return self.load(asked, repository).await;
        }
        if let Reference::Tag(tag) = reference {
            let [rkey, _] = tag_rkeys(&repository.name, tag);
            self.ask(asked, repository, lexicon::tag_collection(), &rkey).await?;
        }
        let digest = match reference {
            Reference::Digest(digest) => Some(*digest),
            Reference::Tag(_) => {
                self.index.tagged(repository, reference).await?.last().map(|tagged| tagged.digest)
            }
        };
        if let Some(digest) = digest {
            let [rkey, _] = manifest_rkeys(&repository.name, &digest);
            self.ask(asked, repository, lexicon::manifest_collection(), &rkey).await?;
        }
        if self.index.manifest(repository, reference).await?.is_some() {
            return Ok(Loaded::Something);
        }
        // Whatever came of asking for one record: who knows all of them knows better.
        self.load_all(asked, repository).await
    }

    async fn ask(
        &self,
        asked: &Asked,
        repository: &Repository,
        collection: Nsid,
        rkey: &RecordKey,
    ) -> Result<(), Refusal> {
        let owner = &repository.owner;
        self.readthrough.record(owner, &collection, rkey, || Policy::Get, asked.asker()).await?;
        Ok(())
    }

    /// Asks for the newest that the owner has, unless all of it is known. It will do for blobs: who pushes one twice has lost little.
    pub(crate) async fn load(&self, asked: &Asked, repository: &Repository) -> Result<Loaded, Refusal> {
        let owner = &repository.owner;
        if self.authors.is_hosted(owner) {
            return self.wait_for_mirror().await;
        }
        let mut loaded = Loaded::Nothing;
        for collection in [lexicon::manifest_collection(), lexicon::tag_collection()] {
            let how = self.readthrough.list(owner, &collection, Policy::GetAndList, asked.asker()).await?;
            loaded = loaded.and(Loaded::of(how));
        }
        Ok(loaded)
    }

    /// The same, and waits for what their host does not list at once.
    async fn load_all(&self, asked: &Asked, repository: &Repository) -> Result<Loaded, Refusal> {
        let loaded = self.load(asked, repository).await?;
        if self.authors.is_hosted(&repository.owner) {
            return Ok(loaded);
        }
        Ok(loaded.and(self.history.settled(&repository.owner).await?))
    }

    /// The same for people, with what the owner writes about repositories: what is here is shown, and whether it may be a part only.
    pub(crate) async fn load_to_show(&self, asked: &Asked, owner: &Did) -> Result<bool, Refusal> {
        // Which one of them it is makes no difference.
        let any = Repository { owner: owner.clone(), name: String::new() };
        let loaded = self.load_all(asked, &any).await?;
        let written = if self.authors.is_hosted(owner) {
            Loaded::Nothing
        } else {
            let collection = lexicon::page_collection();
            let how = self.readthrough.list(owner, &collection, Policy::GetAndList, asked.asker()).await?;
            Loaded::of(how)
        };
        Ok(loaded.and(written) == Loaded::Unknown && !self.history.was_complete(owner).await?)
    }

    /// Asks for one record of somebody, unless it is known.
    pub(crate) async fn load_record(
        &self,
        asked: &Asked,
        owner: &Did,
        collection: &Nsid,
        rkey: &RecordKey,
    ) -> Result<Option<records::Record>, Refusal> {
        if self.authors.is_hosted(owner) {
            return Ok(self.records.get(owner, collection, rkey).await?);
        }
        let answer = self.readthrough.record(owner, collection, rkey, || Policy::Get, asked.asker()).await?;
        match (answer.record, answer.how) {
            (None, How::Unavailable { .. } | How::OverBudget | How::NotAsked) => Err(unknowable()),
            (record, _) => Ok(record),
        }
    }

    /// Asks for all that somebody has of a collection, as far as it is not known.
    pub(crate) async fn load_collection(
        &self,
        asked: &Asked,
        owner: &Did,
        collection: &Nsid,
    ) -> Result<(), Refusal> {
        if !self.authors.is_hosted(owner) {
            self.readthrough.list(owner, collection, Policy::GetAndList, asked.asker()).await?;
        }
        Ok(())
    }

    /// The same before something is listed. Of an owner of whom everything was here once, it will do while nobody can say more.
    pub(crate) async fn load_to_list(&self, asked: &Asked, repository: &Repository) -> Result<(), Refusal> {
        match self.load_all(asked, repository).await? {
            Loaded::Unknown if !self.history.was_complete(&repository.owner).await? => Err(unknowable()),
            _ => Ok(()),
        }
    }
}

impl Registry {
    /// Whether all manifests and tags of the owner are in the index now, as far as anybody knows.
    pub(crate) async fn knows_all(&self, asked: &Asked, repository: &Repository) -> Result<bool, Refusal> {
        Ok(self.load_all(asked, repository).await? != Loaded::Unknown)
    }

    /// Of whoever is at home here everything is in the index, except for a moment after that was lost.
    async fn wait_for_mirror(&self) -> Result<Loaded, Refusal> {
        for collection in [lexicon::manifest_collection(), lexicon::tag_collection()] {
            let deadline = Instant::now() + PATIENCE;
            while !self.index.is_mirrored(&collection).await? {
                if Instant::now() > deadline {
                    return Ok(Loaded::Unknown);
                }
                sleep(POLL).await;
            }
        }
        // Whoever has looked before this may have looked before it was in the index.
        Ok(Loaded::Something)
    }
}

/// Nobody can say whether it exists.
pub(crate) fn unknowable() -> Refusal {
    Refusal::unavailable(Unanswered)
}

/// Why.
#[derive(Debug, thiserror::Error)]
#[error("the server that has the owner's records does not answer")]
struct Unanswered;
