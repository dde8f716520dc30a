//! What repositories have, as their owners' records say: manifests, what they name, and tags.
//!
//! All of it follows from records and goes with them, in their own transaction, whether they were written through this server, came over
//! the stream, or were fetched because somebody asked.

mod browse;
mod bytes;
mod catalog;
mod cut;
mod holds;
mod projected;
mod read;
mod rows;

use std::sync::Arc;

use atproto::Nsid;
use records::{Effect, Projection};
use store::{Conn, Database};

use crate::lexicon;

pub(crate) use browse::{Card, Face, Order, Pushed, Query};
pub(crate) use read::{Found, PartOf, Tagged};

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
    let collections = [
        lexicon::manifest_collection(),
        lexicon::tag_collection(),
        lexicon::page_collection(),
        lexicon::star_collection(),
    ];
    Arc::new(Tables { collections })
}

struct Tables {
    collections: [Nsid; 4],
}

impl Projection for Tables {
    fn collections(&self) -> &[Nsid] {
        &self.collections
    }

    fn apply(&self, conn: &mut Conn<'_>, effects: &[Effect<'_>]) -> Result<(), store::Error> {
        let [manifests, tags, pages, _] = &self.collections;
        // Where many records of a repository come at once, what they come to is worked out once.
        let mut changed = browse::Changed::default();
        for effect in effects {
            if effect.collection == manifests.as_str() {
                rows::manifest(conn, effect)?;
                browse::push(conn, effect, &mut changed)?;
            } else if effect.collection == tags.as_str() {
                rows::tag(conn, effect)?;
            } else if effect.collection == pages.as_str() {
                browse::page(conn, effect, &mut changed)?;
            } else {
                browse::star(conn, effect)?;
            }
        }
        changed.summarize(conn)
    }
}
