//! All blobs, one after the other.

use std::fs::{self, DirEntry, ReadDir};
use std::io::ErrorKind;

use futures::{Stream, stream};
use oci::{Algorithm, Digest};

use super::{Folder, Inner};
use crate::{Entry, StorageError};

/// Blobs on a page.
const PAGE: usize = 1000;

impl Folder {
    /// Pages of at most a thousand blobs, none of them empty, in no particular order. What comes or goes meanwhile may be among
    /// them or not. Files that are not blobs are passed over.
    pub fn list(&self) -> impl Stream<Item = Result<Vec<Entry>, StorageError>> + Send + use<> {
        let shards = Algorithm::ALL
            .into_iter()
            .flat_map(|algorithm| (0..=u8::MAX).map(move |first| (algorithm, first)));
        let walk = Walk { folder: self.clone(), shards: Box::new(shards), reading: None };
        stream::try_unfold(walk, |mut walk| async move {
            let folder = walk.folder.clone();
            folder.work(move |inner| Ok(walk.page(inner)?.map(|page| (page, walk)))).await
        })
    }
}

struct Walk {
    folder: Folder,
    shards: Box<dyn Iterator<Item = (Algorithm, u8)> + Send>,
    reading: Option<(Algorithm, ReadDir)>,
}

impl Walk {
    fn page(&mut self, inner: &Inner) -> Result<Option<Vec<Entry>>, StorageError> {
        let mut page = Vec::new();
        while page.len() < PAGE {
            let Some((algorithm, reading)) = &mut self.reading else {
                let Some((algorithm, first)) = self.shards.next() else { break };
                let dir = inner.layout.shard(algorithm, first);
                match fs::read_dir(&dir) {
                    Ok(reading) => self.reading = Some((algorithm, reading)),
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) => return Err(StorageError::at("list", &dir)(error)),
                }
                continue;
            };
            match reading.next() {
                None => self.reading = None,
                Some(file) => {
                    let file = file.map_err(StorageError::at("list", &inner.layout.algorithm(*algorithm)))?;
                    page.extend(entry(*algorithm, &file)?);
                }
            }
        }
        Ok(Some(page).filter(|page| !page.is_empty()))
    }
}

/// Unless it is none, or is gone already.
fn entry(algorithm: Algorithm, file: &DirEntry) -> Result<Option<Entry>, StorageError> {
    let name = file.file_name();
    let digest = name.to_str().and_then(|hex| Digest::parse(&format!("{algorithm}:{hex}")).ok());
    let Some(digest) = digest else { return Ok(None) };
    let found = file.metadata().and_then(|found| Ok((found.len(), found.modified()?)));
    match found {
        Ok((size, modified)) => Ok(Some(Entry { digest, size, modified })),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StorageError::at("look at", &file.path())(error)),
    }
}
