//! What repositories have, as their owners' records say: manifests, what they name, and tags.
//!
//! All of it follows from records and goes with them, in their own transaction, whether they were written through this server, came over
//! the stream, or were fetched because somebody asked.

mod bytes;
mod holds;
mod read;
mod rows;

use std::sync::Arc;

use atproto::Nsid;
use records::{Effect, Projection};
use store::{Conn, Database};

use crate::lexicon;

pub(crate) use read::{Found, Tagged};

/// Answers from the index. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Index {
    database: Database,
}

impl Index {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }

    /// Whether what is at home here is in it.
    pub(crate) async fn is_mirrored(&self, collection: &Nsid) -> Result<bool, store::Error> {
        repos::is_mirrored(&self.database, collection).await
    }
}

/// Keeps the tables in step with the records.
#[must_use]
pub fn projection() -> Arc<dyn Projection> {
    Arc::new(Tables { collections: [lexicon::manifest_collection(), lexicon::tag_collection()] })
}

struct Tables {
    collections: [Nsid; 2],
}

impl Projection for Tables {
    fn collections(&self) -> &[Nsid] {
        &self.collections
    }

    fn apply(&self, conn: &mut Conn<'_>, effects: &[Effect<'_>]) -> Result<(), store::Error> {
        for effect in effects {
            if effect.collection == self.collections[0].as_str() {
                rows::manifest(conn, effect)?;
            } else {
                rows::tag(conn, effect)?;
            }
        }
        Ok(())
    }
}
