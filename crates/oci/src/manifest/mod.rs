//! What a manifest says, as a checked view of its bytes (spec/registry.md §1.6).

mod annotations;
mod descriptor;
mod fields;
mod limits;
mod media_type;
mod needed;
mod parse;
mod platform;

use std::borrow::Cow;

pub use annotations::Annotations;
pub use descriptor::{Descriptor, MAX_SIZE};
pub use limits::Limits;
pub use media_type::{ManifestType, is_foreign};
pub use needed::Needed;
pub use platform::Platform;

/// A manifest that was read. Nothing ever writes one: what is stored and served is the bytes that came.
#[derive(Debug)]
pub struct Manifest<'b> {
    /// Its type, which it is served with.
    pub media_type: ManifestType,
    /// What it is made of.
    pub content: Content<'b>,
    /// The manifest that this one is about, which need not exist.
    pub subject: Option<Descriptor<'b>>,
    /// What kind of artifact it is, if it says so itself.
    pub artifact_type: Option<Cow<'b, str>>,
    /// What people say about it.
    pub annotations: Option<Annotations<'b>>,
}

/// The two kinds of manifests.
#[derive(Debug)]
pub enum Content<'b> {
    /// One image, or one artifact.
    Image {
        /// How to run it.
        config: Box<Descriptor<'b>>,
        /// What is in it.
        layers: Vec<Descriptor<'b>>,
    },
    /// A list of manifests.
    Index {
        /// The manifests.
        manifests: Vec<Descriptor<'b>>,
    },
}

impl Manifest<'_> {
    /// What kind of artifact it counts as in a list of referrers (spec/registry.md §1.8): an image that does not say
    /// is known by its config.
    #[must_use]
    pub fn effective_artifact_type(&self) -> Option<&str> {
        match (&self.artifact_type, &self.content) {
            (Some(artifact_type), _) => Some(artifact_type),
            (None, Content::Image { config, .. }) => Some(&config.media_type),
            (None, Content::Index { .. }) => None,
        }
    }
}
