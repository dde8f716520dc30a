//! A bucket that can be asked.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use object_store::ObjectStoreExt;
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::signer::Signer;
use url::Url;

use crate::service::service;
use crate::way::Patience;
use crate::{Error, Location};

/// Cheap to clone.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<AmazonS3>,
    location: Location,
}

impl Bucket {
    /// Asks nothing yet.
    pub fn new(location: Location) -> Result<Self, Error> {
        Ok(Self { store: Arc::new(service(&location, Patience::Whole)?), location })
    }

    /// Stores an object.
    pub async fn put(&self, name: &str, content: Bytes) -> Result<(), Error> {
        self.store.put(&Path::from(name), content.into()).await?;
        Ok(())
    }

    /// An object of at most `max` bytes: what is longer was not stored by us.
    pub async fn get(&self, name: &str, max: u64) -> Result<Bytes, Error> {
        let found = self.store.get(&Path::from(name)).await?;
        if found.meta.size > max {
            return Err(Error::NotFound);
        }
        Ok(found.bytes().await?)
    }

    /// Removes an object. One that is not there is removed already.
    pub async fn remove(&self, name: &str) -> Result<(), Error> {
        match self.store.delete(&Path::from(name)).await.map_err(Error::from) {
            Ok(()) | Err(Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A URL by which whoever has it reads the object, for a while.
    pub async fn url(&self, name: &str, good_for: Duration) -> Result<Url, Error> {
        Ok(self.store.signed_url(Method::GET, &Path::from(name), good_for).await?)
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.location.fmt(f)
    }
}
