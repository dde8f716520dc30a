//! Copying what a source has into a registry.
//!
//! One repository after the other, and in it one tag after the other: what a manifest needs comes before it, as registries want it, and a
//! tag comes last. So whatever ends the copy, what is there is whole, and copying again passes it over. What fails is told and holds
//! up nothing else.

mod blobs;
mod manifests;
mod summary;

use std::collections::HashSet;
use std::sync::Arc;

use oci::{Digest, Reference, RepositoryName, Tag};

pub use summary::{Summary, Trouble};

use crate::fetched::Fetched;
use crate::source::Subjects;
use crate::{Error, Registry, Source};

/// Copies repositories from one source into one registry.
pub struct Copier<'a> {
    source: &'a Source,
    to: &'a Registry,
    /// Told of every piece of a layer that was sent, in bytes.
    sent: Arc<dyn Fn(u64) + Send + Sync>,
    summary: Summary,
}

/// One repository on both sides.
pub(crate) struct Place<'a> {
    from: &'a str,
    to: &'a RepositoryName,
    subjects: Subjects,
    /// Manifests that are there with all that they need.
    done: HashSet<Digest>,
}

impl<'a> Copier<'a> {
    /// Copies from `source` to `to`, which has to be somebody who may write there.
    #[must_use]
    pub fn new(source: &'a Source, to: &'a Registry, sent: Arc<dyn Fn(u64) + Send + Sync>) -> Self {
        Self { source, to, sent, summary: Summary::default() }
    }

    /// What has been copied so far, what was there, and what was not copied.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// Notes what is wrong with something of the source that is not copied.
    pub fn note(&mut self, what: impl Into<String>, error: &Error) {
        self.summary.trouble(what.into(), error);
    }

    /// Copies a repository; `told` is told of each tag before it is copied. An error ends the copy: the registry that is written to does
    /// not take anything, or one of the two does not answer.
    pub async fn repository(
        &mut self,
        from: &str,
        to: &RepositoryName,
        told: impl Fn(&str),
    ) -> Result<(), Error> {
        let (tags, subjects) = match self.listed(from).await {
            Ok(listed) => listed,
            Err(error) => return self.settle(to.to_string(), Err(error)),
        };
        let mut place = Place { from, to, subjects, done: HashSet::new() };
        self.summary.repositories += 1;
        for name in tags {
            told(&name);
            let copied = self.tag(&mut place, &name).await;
            self.settle(format!("{to}:{name}"), copied)?;
        }
        for digest in self.source.untagged() {
            told(&digest.to_string());
            let copied = self.digest(&mut place, &digest).await;
            self.settle(format!("{to}@{digest}"), copied)?;
        }
        Ok(())
    }

    /// The tags of a repository, and what is about what in it.
    async fn listed(&mut self, from: &str) -> Result<(Vec<String>, Subjects), Error> {
        let missing = || Error::Missing(format!("the repository {from}"));
        let (tags, odd) = self.source.tags(from).await?.ok_or_else(missing)?;
        for error in &odd {
            self.note(format!("a tag of {from}"), error);
        }
        Ok((tags, self.source.subjects(from)?))
    }

    /// One that is not copied holds up no other, unless none would be.
    fn settle(&mut self, what: String, copied: Result<(), Error>) -> Result<(), Error> {
        match copied {
            Ok(()) => Ok(()),
            Err(error) if self.is_the_end(&error) => Err(error),
            Err(error) => {
                self.summary.trouble(what, &error);
                Ok(())
            }
        }
    }

    /// Whoever may not write here may not write the next tag either.
    fn is_the_end(&self, error: &Error) -> bool {
        matches!(error, Error::Denied { host, .. } if *host == self.to.host())
            || matches!(error, Error::Unreachable(error) if error.is_transient())
    }

    async fn tag(&mut self, place: &mut Place<'_>, name: &str) -> Result<(), Error> {
        let tag = Reference::Tag(Tag::parse(name)?);
        let missing = || Error::Missing(format!("the tag {name}"));
        let fetched = self.source.manifest(place.from, &tag).await?.ok_or_else(missing)?;
        self.whole(place, &fetched).await?;
        if self.to.manifest_digest(place.to.as_str(), &tag).await? == Some(fetched.digest) {
            self.summary.tags_there += 1;
            return Ok(());
        }
        let media_type = fetched.parse()?.media_type;
        self.to.put_manifest(place.to.as_str(), &tag, media_type, fetched.bytes.clone()).await?;
        self.summary.tags += 1;
        Ok(())
    }

    async fn digest(&mut self, place: &mut Place<'_>, digest: &Digest) -> Result<(), Error> {
        let missing = || Error::Missing(format!("the manifest {digest}"));
        let found = self.source.manifest(place.from, &Reference::Digest(*digest)).await?;
        self.whole(place, &found.ok_or_else(missing)?).await
    }

    async fn whole(&mut self, place: &mut Place<'_>, fetched: &Fetched) -> Result<(), Error> {
        self.manifest(place, fetched, 0).await
    }
}
