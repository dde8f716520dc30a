//! All repositories.

use std::path::{Path, PathBuf};

use oci::RepositoryName;

use super::names::Names;
use super::{LayoutError, Odd, Repository};

/// Repositories may be in one another, which is bounded by the length of their names.
pub struct Repositories {
    root: PathBuf,
    /// A folder and those above it.
    open: Vec<(String, Names)>,
}

impl Repositories {
    pub(super) fn below(root: &Path) -> Self {
        Self { root: root.to_owned(), open: vec![(String::new(), Names::of(root.to_owned()))] }
    }
}

impl Iterator for Repositories {
    type Item = Result<Repository, LayoutError>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some((above, names)) = self.open.last_mut() {
            let name = match names.next() {
                None => {
                    self.open.pop();
                    continue;
                }
                Some(Err(error)) => return Some(Err(error)),
                Some(Ok(name)) => name,
            };
            // What is kept of the repository above.
            if name.starts_with('_') {
                if name == "_manifests" && !above.is_empty() {
                    return Some(Ok(Repository::new(above.clone(), self.root.join(&*above))));
                }
                continue;
            }
            let whole = if above.is_empty() { name } else { format!("{above}/{name}") };
            let path = self.root.join(&whole);
            if !is_name(&whole) {
                return Some(Err(LayoutError::odd(&path, Odd::Name)));
            }
            self.open.push((whole, Names::of(path)));
        }
        None
    }
}

/// Docker's registry knows no owners: any number of components is a name.
pub(super) fn is_name(name: &str) -> bool {
    RepositoryName::parse(&format!("o/{name}")).is_ok()
}
