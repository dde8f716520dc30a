//! Bytes in a bucket that speaks S3, each under the address of its content (spec/registry.md §4.6).
//!
//! What comes is hashed on the way and sent on in parts. What is behind the last full part when a request ends is an object of its
//! own, because parts can be neither read nor appended to. Which parts there are is in the database, so that any process can go on.
//! Only when the hash is what the sender says does the bucket copy the bytes to the address that the hash gives them. A hash cannot
//! be stored half-way: for an upload that another process began, it is made by reading the bytes back before they are copied.
//!
//! Of the order of things in a bucket nothing is promised, and several processes share one. So a row says when a blob was last sent or
//! touched, and who is removing it: that costs one statement, where a new copy of the object that says the same costs a request.

mod blob;
mod budget;
mod copy;
mod keys;
mod list;
mod lookup;
mod marks;
mod remove;
mod schema;
mod sizes;
mod strays;
mod uploads;

use std::sync::Arc;

use object_store::aws::AmazonS3;
use object_store::client::{HttpClient, HttpConnector};
use store::{Database, Engine};
use tokio::sync::Mutex;

pub(crate) use blob::ObjectBlob;
pub use lookup::Wanted;
pub use schema::SCHEMA;
pub use sizes::Sizes;

use crate::service::service;
use crate::turns::Table;
use crate::way::{Patience, Way};
use crate::{Error, Location, StorageError};
use budget::Budget;
use uploads::Progress;

/// Cheap to clone.
#[derive(Clone)]
pub struct Objects(Arc<Inner>);

struct Inner {
    store: Arc<AmazonS3>,
    /// For what `store` has no words for.
    client: HttpClient,
    location: Location,
    database: Database,
    sizes: Sizes,
    memory: Budget,
    uploads: Table<Progress>,
    /// One for each first byte of a hash: of those who end uploads of the same blob at once, one has it copied, and the others find it.
    placing: [Mutex<()>; 256],
}

impl Objects {
    /// Asks the bucket nothing yet. The database has the tables of [`SCHEMA`].
    pub fn new(location: Location, database: Database, sizes: Sizes) -> Result<Self, Error> {
        let store = Arc::new(service(&location, Patience::Next)?);
        let way = Way { has_tls: location.has_tls, patience: Patience::Next };
        let client = way.connect(&object_store::ClientOptions::new())?;
        let (memory, uploads) = (Budget::new(sizes.memory), Table::default());
        let placing = [const { Mutex::const_new(()) }; 256];
        Ok(Self(Arc::new(Inner { store, client, location, database, sizes, memory, uploads, placing })))
    }

    /// For when the server starts: where one process has the database to itself, what an earlier one was at is free again.
    pub async fn take_over(&self) -> Result<(), StorageError> {
        if self.0.database.engine() == Engine::Sqlite {
            uploads::release_all(&self.0.database).await?;
            marks::release_all(&self.0.database).await?;
        }
        Ok(())
    }

    /// Does something also if nobody waits for it any more.
    async fn work<T, E, F>(&self, work: impl FnOnce(Self) -> F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        F: Future<Output = Result<T, E>> + Send + 'static,
    {
        match tokio::spawn(work(self.clone())).await {
            Ok(outcome) => outcome,
            Err(ended) => Err(StorageError::ended(ended).into()),
        }
    }
}
