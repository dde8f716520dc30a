//! What has to be in the repository before a manifest may be (spec/registry.md §1.6).

use serde_json::json;

use super::{Content, Descriptor, Manifest, ManifestType};
use crate::{Error, ErrorCode};

/// Something a manifest needs.
#[derive(Debug, Clone, Copy)]
pub enum Needed<'m> {
    /// A blob.
    Blob(&'m Descriptor<'m>),
    /// Another manifest.
    Manifest(&'m Descriptor<'m>),
}

impl Manifest<'_> {
    /// Config, layers and manifests, in their order and as often as they are named. The subject is not needed, nor is what
    /// can be had from elsewhere. Entries of an index that are of no manifest's type are blobs: build tools keep caches so.
    pub fn needed(&self) -> impl Iterator<Item = Needed<'_>> {
        let (config, others, in_index) = match &self.content {
            Content::Image { config, layers } => (Some(&**config), layers, false),
            Content::Index { manifests } => (None, manifests, true),
        };
        let here = |descriptor: &&Descriptor<'_>| !descriptor.is_elsewhere();
        config.into_iter().chain(others).filter(here).map(move |descriptor| {
            if in_index && ManifestType::parse(&descriptor.media_type).is_some() {
                Needed::Manifest(descriptor)
            } else {
                Needed::Blob(descriptor)
            }
        })
    }
}

impl<'m> Needed<'m> {
    /// How it is named.
    #[must_use]
    pub fn descriptor(&self) -> &'m Descriptor<'m> {
        match self {
            Self::Blob(descriptor) | Self::Manifest(descriptor) => descriptor,
        }
    }

    /// The refusal if it is not there.
    #[must_use]
    pub fn missing(&self) -> Error {
        let detail = json!({ "digest": self.descriptor().digest });
        Error::from(ErrorCode::ManifestBlobUnknown).with_detail(detail)
    }
}
