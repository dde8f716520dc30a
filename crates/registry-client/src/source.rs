//! Where images come from.

use std::collections::HashMap;
use std::path::Path;

use blobs::docker::{Layout, LayoutError};
use bytes::Bytes;
use oci::{Digest, Limits, Reference};

use crate::fetched::Fetched;
use crate::stream::{Bytestream, of_file};
use crate::{Error, OciLayout, Registry, limits};

/// A registry, or a folder of images.
#[derive(Debug)]
pub enum Source {
    /// One that is reached over HTTP.
    Registry(Box<Registry>),
    /// The folder of a registry of Docker's; it may run meanwhile.
    Docker(Layout),
    /// A folder as container tools write it, which has one repository without a name.
    Oci(OciLayout),
}

/// Which manifests are about which, where nobody keeps count of it.
pub(crate) type Subjects = HashMap<Digest, Vec<Digest>>;

impl Source {
    /// A folder of either kind.
    pub fn folder(path: &Path) -> Result<Self, Error> {
        if OciLayout::is_one(path) {
            return Ok(Self::Oci(OciLayout::open(path)?));
        }
        match Layout::open(path) {
            Ok(layout) => Ok(Self::Docker(layout)),
            Err(LayoutError::NotOne(path)) => Err(Error::NotALayout {
                path,
                why: "it has neither an oci-layout nor docker/registry/v2 in it".to_owned(),
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// The names of all repositories below `prefix`, and what is wrong with others.
    pub async fn repositories(&self, prefix: &str) -> Result<(Vec<String>, Vec<Error>), Error> {
        let mut found = match self {
            Self::Registry(registry) => (registry.repositories(prefix).await?, Vec::new()),
            Self::Oci(_) => (vec![String::new()], Vec::new()),
            Self::Docker(layout) => {
                let (mut names, mut odd) = (Vec::new(), Vec::new());
                for found in layout.repositories().take(limits::REPOSITORIES) {
                    match found {
                        Ok(repository) => names.push(repository.name().to_owned()),
                        Err(error) => odd.push(error.into()),
                    }
                }
                (names, odd)
            }
        };
        found.0.sort_unstable();
        Ok(found)
    }

    /// Whether there is such a repository.
    pub async fn has(&self, repository: &str) -> Result<bool, Error> {
        Ok(self.tags(repository).await?.is_some())
    }

    /// The tags of a repository, as they are written, and what is wrong with others; nothing if there is no such repository.
    pub(crate) async fn tags(&self, repository: &str) -> Result<Option<(Vec<String>, Vec<Error>)>, Error> {
        Ok(match self {
            Self::Registry(registry) => registry.tags(repository).await?.map(|tags| (tags, Vec::new())),
            Self::Oci(layout) => Some((layout.tags(), Vec::new())),
            Self::Docker(layout) => layout.repository(repository).map(|found| {
                let (mut tags, mut odd) = (Vec::new(), Vec::new());
                for tag in found.tags().take(limits::TAGS) {
                    match tag {
                        Ok((tag, _)) => tags.push(tag.to_string()),
                        Err(error) => odd.push(error.into()),
                    }
                }
                (tags, odd)
            }),
        })
    }

    /// What is to be copied besides what has a tag.
    pub(crate) fn untagged(&self) -> Vec<Digest> {
        if let Self::Oci(layout) = self { layout.untagged() } else { Vec::new() }
    }

    /// Which manifests are about which others, of a source that is not asked about one at a time.
    pub(crate) fn subjects(&self, repository: &str) -> Result<Subjects, Error> {
        let mut subjects = Subjects::new();
        let Self::Docker(layout) = self else { return Ok(subjects) };
        let Some(found) = layout.repository(repository) else { return Ok(subjects) };
        for digest in found.manifests().take(limits::MANIFESTS) {
            let Ok(digest) = digest else { continue };
            let Some(fetched) = docker_manifest(layout, &digest)? else { continue };
            let Ok(manifest) = fetched.parse() else { continue };
            if let Some(subject) = manifest.subject {
                subjects.entry(subject.digest).or_default().push(digest);
            }
        }
        Ok(subjects)
    }

    /// The manifests that are about another.
    pub(crate) async fn referrers(
        &self,
        repository: &str,
        subject: &Digest,
        known: &Subjects,
    ) -> Result<Vec<Digest>, Error> {
        match self {
            Self::Registry(registry) => registry.referrers(repository, subject).await,
            Self::Docker(_) => Ok(known.get(subject).cloned().unwrap_or_default()),
            // It lists all that it has.
            Self::Oci(_) => Ok(Vec::new()),
        }
    }

    /// A manifest, if it is there.
    pub(crate) async fn manifest(
        &self,
        repository: &str,
        reference: &Reference,
    ) -> Result<Option<Fetched>, Error> {
        match self {
            Self::Registry(registry) => registry.manifest(repository, reference).await,
            Self::Oci(layout) => layout.manifest(reference),
            Self::Docker(layout) => {
                let digest = match reference {
                    Reference::Digest(digest) => Some(*digest),
                    Reference::Tag(tag) => match layout.repository(repository) {
                        Some(found) => found.tag(tag)?,
                        None => None,
                    },
                };
                digest.map_or(Ok(None), |digest| docker_manifest(layout, &digest))
            }
        }
    }

    /// The bytes of a layer, if it is there.
    pub(crate) async fn blob(&self, repository: &str, digest: &Digest) -> Result<Option<Bytestream>, Error> {
        match self {
            Self::Registry(registry) => registry.blob(repository, digest).await,
            Self::Docker(layout) => Ok(layout.blob(digest)?.map(|content| of_file(content.file))),
            Self::Oci(layout) => Ok(layout.blob(digest)?.map(of_file)),
        }
    }
}

fn docker_manifest(layout: &Layout, digest: &Digest) -> Result<Option<Fetched>, Error> {
    let bytes: Option<Bytes> = crate::layout::read(&layout.blob_path(digest), Limits::default().bytes)?;
    bytes.map(|bytes| Fetched::new(&Reference::Digest(*digest), None, bytes)).transpose()
}
