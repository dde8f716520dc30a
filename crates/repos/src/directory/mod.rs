//! Who is at home here, in memory: what every request and the resolver ask first.

mod document;
mod entry;

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use atproto::{AtIdentifier, Did, Handle};
use identity::{Identity, Local};
use store::Conn;
use url::Url;

pub(crate) use document::write_services;
pub(crate) use entry::Entry;

use crate::Error;

/// Everybody who is at home here. Cheap to clone; clones see the same.
#[derive(Clone, Debug)]
pub struct Directory(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    origin: String,
    known: ArcSwap<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The counter of `repos_sequence` that this was read at; the table is created with 0.
    version: Option<i64>,
    by_did: HashMap<Did, Arc<Entry>>,
    by_handle: HashMap<Handle, Did>,
}

impl Directory {
    pub(crate) fn new(origin: &Url) -> Self {
        let origin = origin.origin().ascii_serialization();
        Self(Arc::new(Inner { origin, known: ArcSwap::default() }))
    }

    pub(crate) fn find(&self, did: &str) -> Option<Arc<Entry>> {
        self.0.known.load().by_did.get(did).cloned()
    }

    /// Whose name this is.
    pub(crate) fn find_named(&self, name: &AtIdentifier) -> Option<Arc<Entry>> {
        let known = self.0.known.load();
        let did = match name {
            AtIdentifier::Did(did) => did,
            AtIdentifier::Handle(handle) => known.by_handle.get(handle)?,
        };
        known.by_did.get(did).cloned()
    }

    /// The origin of this server, without a path.
    pub(crate) fn origin(&self) -> &str {
        &self.0.origin
    }

    /// Reads everybody, if the counter says that somebody has changed. What several readers find is the same or newer.
    pub(crate) fn load(&self, conn: &mut Conn<'_>) -> Result<(), Error> {
        // Before the rows: whatever changes in between is read again.
        let version =
            conn.query_one("SELECT directory FROM repos_sequence WHERE id = 1", &[], |row| row.int(0))?;
        if self.0.known.load().version >= Some(version) {
            return Ok(());
        }
        let mut known = Known { version: Some(version), ..Known::default() };
        conn.for_each(entry::SELECT, &[], |row| {
            if let Some(entry) = Entry::from_row(row, &self.0.origin)? {
                if let Some(handle) = &entry.handle {
                    known.by_handle.insert(handle.clone(), entry.did.clone());
                }
                known.by_did.insert(entry.did.clone(), Arc::new(entry));
            }
            Ok::<_, store::Error>(())
        })?;
        let known = Arc::new(known);
        // A slower reader must not bring back what was before.
        self.0.known.rcu(|current| {
            if current.version >= known.version { Arc::clone(current) } else { Arc::clone(&known) }
        });
        Ok(())
    }
}

impl Local for Directory {
    fn by_did(&self, did: &Did) -> Option<Arc<Identity>> {
        Some(Arc::clone(&self.find(did.as_str())?.identity))
    }

    fn by_handle(&self, handle: &Handle) -> Option<Did> {
        self.0.known.load().by_handle.get(handle).cloned()
    }
}
