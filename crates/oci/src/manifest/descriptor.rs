//! How manifests refer to content.

use std::borrow::Cow;

use serde::Deserialize;

use super::fields::{object, texts};
use super::{Annotations, Limits, Platform, is_foreign};
use crate::Digest;

/// Greatest size that is believed, in bytes: the greatest whole number that every reader of JSON understands alike, and
/// that a record may have.
pub const MAX_SIZE: u64 = (1 << 53) - 1;

/// Bytes of a media type at most (RFC 6838, section 4.2, twice its 127 and the slash).
const MAX_TYPE_BYTES: usize = 255;

/// A piece of content as a manifest names it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor<'b> {
    /// What it is.
    #[serde(borrow)]
    pub media_type: Cow<'b, str>,
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes, at most [`MAX_SIZE`].
    pub size: u64,
    /// Where else it can be had.
    #[serde(default, deserialize_with = "texts::<_, { Limits::TEXTS }>")]
    pub urls: Vec<String>,
    /// What people say about it.
    #[serde(borrow)]
    pub annotations: Option<Annotations<'b>>,
    /// Where it runs, in an index.
    #[serde(default, deserialize_with = "object")]
    pub platform: Option<Platform>,
    /// What kind of artifact it is, if it is a manifest.
    pub artifact_type: Option<Cow<'b, str>>,
}

impl Descriptor<'_> {
    /// Whether the content may be missing here: it is had from elsewhere.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        !self.urls.is_empty() || is_foreign(&self.media_type)
    }

    /// What is wrong with it, if something is.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if !is_media_type(&self.media_type) {
            return Some("the mediaType of a descriptor is not one");
        }
        (self.size > MAX_SIZE).then_some("the size of a descriptor is beyond 2^53-1 bytes")
    }
}

/// Whether it may be the type of something. People push files of all sorts, so it need not be registered anywhere.
pub(super) fn is_media_type(text: &str) -> bool {
    (1..=MAX_TYPE_BYTES).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
