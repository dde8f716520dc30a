//! A folder of images as container tools write it (OCI image layout).

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use blobs::docker::open;
use bytes::Bytes;
use oci::{Content, Digest, Limits, Manifest, Reference, Tag};
use serde::Deserialize;

use crate::Error;
use crate::fetched::Fetched;

/// The annotation that says what an image of a layout is called.
const NAME: &str = "org.opencontainers.image.ref.name";

/// The folder. Nothing in it is opened but plain files with the names that they must have.
#[derive(Debug, Clone)]
pub struct OciLayout {
    root: PathBuf,
    entries: Vec<Entry>,
}

/// An image that it lists.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) digest: Digest,
    media_type: String,
    pub(crate) tag: Option<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    image_layout_version: String,
}

impl OciLayout {
    /// Whether a folder claims to be one.
    #[must_use]
    pub fn is_one(root: &Path) -> bool {
        root.join("oci-layout").is_file()
    }

    /// Reads which images there are.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let not_one = |why: &str| Error::NotALayout { path: root.to_owned(), why: why.to_owned() };
        let version =
            read(&root.join("oci-layout"), 4 << 10)?.ok_or_else(|| not_one("it has no file oci-layout"))?;
        let version: Option<Version> = serde_json::from_slice(&version).ok();
        if !version.is_some_and(|version| version.image_layout_version.starts_with("1.")) {
            return Err(not_one("its file oci-layout is not of version 1"));
        }
        let limit = Limits::default();
        let index =
            read(&root.join("index.json"), limit.bytes)?.ok_or_else(|| not_one("it has no index.json"))?;
        let entries = entries(&index).map_err(|why| not_one(&why))?;
        Ok(Self { root: root.to_owned(), entries })
    }

    /// Every image that has a tag.
    pub(crate) fn tags(&self) -> Vec<String> {
        self.entries.iter().filter_map(|entry| entry.tag.as_ref().map(ToString::to_string)).collect()
    }

    /// Every image that has none.
    pub(crate) fn untagged(&self) -> Vec<Digest> {
        self.entries.iter().filter(|entry| entry.tag.is_none()).map(|entry| entry.digest).collect()
    }

    pub(crate) fn manifest(&self, reference: &Reference) -> Result<Option<Fetched>, Error> {
        let is_meant = |entry: &&Entry| match reference {
            Reference::Digest(digest) => entry.digest == *digest,
            Reference::Tag(tag) => entry.tag.as_ref() == Some(tag),
        };
        let entry = self.entries.iter().find(is_meant);
        let digest = match (entry, reference) {
            (Some(entry), _) => entry.digest,
            (None, Reference::Digest(digest)) => *digest,
            (None, Reference::Tag(_)) => return Ok(None),
        };
        let Some(bytes) = read(&self.path(&digest), Limits::default().bytes)? else { return Ok(None) };
        Fetched::new(&Reference::Digest(digest), entry.map(|entry| entry.media_type.clone()), bytes).map(Some)
    }

    pub(crate) fn blob(&self, digest: &Digest) -> Result<Option<File>, Error> {
        Ok(open(&self.path(digest))?)
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.root.join(format!("blobs/{}/{}", digest.algorithm(), digest.to_hex()))
    }
}

/// What an index.json lists.
pub(crate) fn entries(index: &[u8]) -> Result<Vec<Entry>, String> {
    let index = Manifest::parse(index, None, &Limits::default()).map_err(|error| error.to_string())?;
    let Content::Index { manifests } = index.content else {
        return Err("its index.json is no index".to_owned());
    };
    let entry = |descriptor: oci::Descriptor<'_>| {
        let name = descriptor.annotations.and_then(|all| all.to_map().remove(NAME));
        Entry {
            digest: descriptor.digest,
            media_type: descriptor.media_type.into_owned(),
            tag: name.as_deref().and_then(tag),
        }
    };
    Ok(manifests.into_iter().map(entry).collect())
}

/// Some tools write the whole name of an image there.
fn tag(name: &str) -> Option<Tag> {
    Tag::parse(name).ok().or_else(|| Tag::parse(name.rsplit_once(':')?.1).ok())
}

/// A file that is not longer than that, if it is there.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Option<Bytes>, Error> {
    let Some(file) = open(path)? else { return Ok(None) };
    let mut bytes = Vec::new();
    let taken = file.take(limit as u64 + 1).read_to_end(&mut bytes);
    taken.map_err(|source| Error::Io { path: path.to_owned(), source })?;
    if bytes.len() > limit {
        return Err(Error::TooMuch { what: "bytes in a manifest", limit });
    }
    Ok(Some(bytes.into()))
}
