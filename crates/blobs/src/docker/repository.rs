//! What a repository has.

use std::path::PathBuf;

use oci::{Algorithm, Digest, Tag};

use super::names::{Names, is_folder};
use super::{LayoutError, Odd, link};

/// Tags, manifests and layers, by the digests of their contents. Whether these are there is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    name: String,
    path: PathBuf,
}

impl Repository {
    pub(super) fn new(name: String, path: PathBuf) -> Self {
        Self { name, path }
    }

    /// Components with slashes between them, each as the protocol has it; one is enough.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every tag and the manifest that it is on now.
    pub fn tags(&self) -> impl Iterator<Item = Result<(Tag, Digest), LayoutError>> + use<> {
        let tags = Names::of(self.path.join("_manifests/tags"));
        let path = tags.path().to_owned();
        tags.filter_map(move |name| {
            let found = name.and_then(|name| {
                let path = path.join(&name);
                let tag = Tag::parse(&name).map_err(|_| LayoutError::odd(&path, Odd::Name))?;
                // One that is being written or removed has none.
                Ok(link::read(&path.join("current/link"))?.map(|digest| (tag, digest)))
            });
            found.transpose()
        })
    }

    /// The manifest that a tag is on now, if there is such a tag.
    pub fn tag(&self, tag: &Tag) -> Result<Option<Digest>, LayoutError> {
        let path = self.path.join("_manifests/tags").join(tag.as_str());
        if is_folder(&path) { link::read(&path.join("current/link")) } else { Ok(None) }
    }

    /// Every manifest, also those that no tag is on.
    pub fn manifests(&self) -> impl Iterator<Item = Result<Digest, LayoutError>> + use<> {
        linked(&self.path.join("_manifests/revisions"))
    }

    /// Every layer and configuration that was pushed to it or mounted into it.
    pub fn layers(&self) -> impl Iterator<Item = Result<Digest, LayoutError>> + use<> {
        linked(&self.path.join("_layers"))
    }
}

/// Digests that are folders, each with a link in it. Where the link is gone, so is what it was to.
fn linked(below: &std::path::Path) -> impl Iterator<Item = Result<Digest, LayoutError>> + use<> {
    let names = Algorithm::ALL.map(|algorithm| {
        let path = below.join(algorithm.as_str());
        Names::of(path.clone()).map(move |name| name.map(|name| (algorithm, path.join(&name), name)))
    });
    names.into_iter().flatten().filter_map(|found| {
        let digest = found.and_then(|(algorithm, path, hex)| {
            let digest = Digest::parse(&format!("{algorithm}:{hex}"));
            let digest = digest.map_err(|_| LayoutError::odd(&path, Odd::Name))?;
            match link::read(&path.join("link"))? {
                Some(linked) if linked != digest => Err(LayoutError::odd(&path, Odd::Link)),
                linked => Ok(linked),
            }
        });
        digest.transpose()
    })
}
