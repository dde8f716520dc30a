//! A manifest with all that it needs, and what is about it.

use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, StreamExt, TryStreamExt};
use oci::{Digest, Needed, Reference};

use super::{Copier, Place};
use crate::fetched::Fetched;
use crate::{Error, limits};

/// Layers that are sent at once.
const AT_ONCE: usize = 4;

impl Copier<'_> {
    /// Copies a manifest after what it needs, and then what is about it.
    pub(super) fn manifest<'f>(
        &'f mut self,
        place: &'f mut Place<'_>,
        fetched: &'f Fetched,
        depth: usize,
    ) -> BoxFuture<'f, Result<(), Error>> {
        async move {
            if place.done.contains(&fetched.digest) {
                return Ok(());
            }
            if depth > limits::DEPTH {
                return Err(Error::TooMuch { what: "manifests in one another", limit: limits::DEPTH });
            }
            if place.done.len() >= limits::MANIFESTS {
                return Err(Error::TooMuch { what: "manifests in a repository", limit: limits::MANIFESTS });
            }
            self.with_what_it_needs(place, fetched, depth).await?;
            place.done.insert(fetched.digest);
            if let Some(subject) = fetched.parse()?.subject.map(|subject| Reference::Digest(subject.digest))
                && let Some(found) = self.source.manifest(place.from, &subject).await?
            {
                // What it is about need not be there; if it is, it comes along.
                self.manifest(place, &found, depth + 1).await?;
            }
            for about in self.source.referrers(place.from, &fetched.digest, &place.subjects).await? {
                self.named(place, &about, depth).await?;
            }
            Ok(())
        }
        .boxed()
    }

    async fn with_what_it_needs(
        &mut self,
        place: &mut Place<'_>,
        fetched: &Fetched,
        depth: usize,
    ) -> Result<(), Error> {
        let manifest = fetched.parse()?;
        let named = Reference::Digest(fetched.digest);
        let is_there = self.to.manifest_digest(place.to.as_str(), &named).await? == Some(fetched.digest);
        let (mut blobs, mut manifests) = (Vec::new(), Vec::new());
        for needed in manifest.needed() {
            match needed {
                Needed::Blob(blob) => blobs.push((blob.digest, blob.size)),
                Needed::Manifest(manifest) => manifests.push(manifest.digest),
            }
        }
        // What is about the images of an index may be new, although they are not.
        for digest in manifests {
            self.named(place, &digest, depth).await?;
        }
        if is_there {
            self.summary.manifests_there += 1;
            return Ok(());
        }
        blobs.sort_unstable_by_key(|(digest, _)| digest.to_string());
        blobs.dedup_by_key(|(digest, _)| *digest);
        let (this, at) = (&*self, &*place);
        let copied = stream::iter(blobs).map(|blob| this.blob(at, blob)).buffer_unordered(AT_ONCE);
        let copied: Vec<_> = copied.try_collect().await?;
        for outcome in copied {
            self.summary.blob(outcome);
        }
        self.to.put_manifest(place.to.as_str(), &named, manifest.media_type, fetched.bytes.clone()).await?;
        self.summary.manifests += 1;
        Ok(())
    }

    async fn named(&mut self, place: &mut Place<'_>, digest: &Digest, depth: usize) -> Result<(), Error> {
        if place.done.contains(digest) {
            return Ok(());
        }
        let missing = || Error::Missing(format!("the manifest {digest}"));
        let found = self.source.manifest(place.from, &Reference::Digest(*digest)).await?;
        self.manifest(place, &found.ok_or_else(missing)?, depth + 1).await
    }
}
