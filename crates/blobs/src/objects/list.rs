//! All blobs, one after the other.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::{Stream, StreamExt, TryStreamExt, future};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore};

use super::{Objects, keys, marks};
use crate::{Entry, StorageError};

/// Blobs on a page: as many as the bucket names at once.
const PAGE: usize = 1000;

impl Objects {
    /// Pages of at most a thousand blobs, none of them empty, in the order of their addresses if the bucket keeps one. What comes
    /// or goes meanwhile may be among them or not. Objects that are not blobs are passed over.
    pub fn list(&self) -> impl Stream<Item = Result<Vec<Entry>, StorageError>> + Send + use<> {
        let (objects, below) = (self.clone(), Path::from(keys::BLOBS));
        let listed = self.0.store.list(Some(&below));
        listed
            .try_filter_map(|found| future::ok(entry(&found)))
            .try_chunks(PAGE)
            .map_err(move |failed| StorageError::object("list", &below)(failed.1))
            .and_then(move |page| {
                let objects = objects.clone();
                async move { objects.with_touches(page).await }
            })
            .boxed()
    }

    /// The later of when an object was stored and when it was touched.
    async fn with_touches(&self, mut page: Vec<Entry>) -> Result<Vec<Entry>, StorageError> {
        let addresses = || page.iter().map(|entry| &entry.digest);
        let (Some(first), Some(last)) = (addresses().min(), addresses().max()) else { return Ok(page) };
        let touched: HashMap<_, _> =
            marks::touched(&self.0.database, first, last).await?.into_iter().collect();
        for entry in &mut page {
            let micros = touched.get(&entry.digest.to_string()).copied().unwrap_or_default();
            let at = UNIX_EPOCH + Duration::from_micros(u64::try_from(micros).unwrap_or_default());
            entry.modified = entry.modified.max(at);
        }
        Ok(page)
    }
}

fn entry(found: &ObjectMeta) -> Option<Entry> {
    let digest = keys::digest(&found.location)?;
    Some(Entry { digest, size: found.size, modified: SystemTime::from(found.last_modified) })
}
