//! The folder as a whole.

use std::fs::File;
use std::path::{Path, PathBuf};

use oci::Digest;

use super::link::open;
use super::names::is_folder;
use super::walk::is_name;
use super::{LayoutError, Repositories, Repository};

/// `docker/registry/v2`, as version 2 of Docker's registry and its successors keep it.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
}

/// Content that is there. Whether it has the digest is for its reader to find out.
#[derive(Debug)]
pub struct Content {
    /// To be read from its beginning.
    pub file: File,
    /// In bytes.
    pub size: u64,
}

impl Layout {
    /// Takes the folder that the registry was configured with, or `docker/registry/v2` in it. Changes nothing.
    pub fn open(dir: &Path) -> Result<Self, LayoutError> {
        let is_one = |root: &PathBuf| root.join("repositories").is_dir() && root.join("blobs").is_dir();
        let roots = [dir.join("docker/registry/v2"), dir.to_owned()];
        let root = roots.into_iter().find(is_one).ok_or_else(|| LayoutError::NotOne(dir.to_owned()))?;
        Ok(Self { root })
    }

    /// Every repository, in no particular order.
    #[must_use]
    pub fn repositories(&self) -> Repositories {
        Repositories::below(&self.root.join("repositories"))
    }

    /// The repository of that name, if there is one.
    #[must_use]
    pub fn repository(&self, name: &str) -> Option<Repository> {
        if !is_name(name) {
            return None;
        }
        let mut path = self.root.join("repositories");
        let mut folders = name.split('/').map(|component| {
            path.push(component);
            is_folder(&path)
        });
        let is_there = folders.all(|is_there| is_there) && is_folder(&path.join("_manifests"));
        is_there.then(|| Repository::new(name.to_owned(), path))
    }

    /// Where the content with that digest is, if it is there.
    #[must_use]
    pub fn blob_path(&self, digest: &Digest) -> PathBuf {
        let (algorithm, hex) = (digest.algorithm(), digest.to_hex());
        self.root.join(format!("blobs/{algorithm}/{}/{hex}/data", &hex[..2]))
    }

    /// Opens the content with that digest, a manifest's or a layer's, if it is there.
    pub fn blob(&self, digest: &Digest) -> Result<Option<Content>, LayoutError> {
        let path = self.blob_path(digest);
        let Some(file) = open(&path)? else { return Ok(None) };
        let size = file.metadata().map_err(LayoutError::io(&path))?.len();
        Ok(Some(Content { file, size }))
    }
}
