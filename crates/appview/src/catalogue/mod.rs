//! The lexicons in memory: what every request asks, without a lock and without the database.

mod check;
mod interest;
mod loaded;
mod permission_sets;
mod task;

pub(crate) use check::{Known, Validated};
pub(crate) use loaded::LoadedLexicon;

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use atproto::Nsid;
use atproto::lexicon::LexiconType;
use records::Wanted;
use tokio::sync::{Mutex, watch};

use crate::queries::Shape;
use crate::{Error, Lexicons, telemetry};

/// All lexicons by NSID, parsed. Cheap to clone; clones show the same.
///
/// A reader sees one consistent state and never waits. The state follows the table: [`refresh`](Self::refresh) is called
/// after each change made here and, by a background task, whenever another process made one.
#[derive(Clone)]
pub struct Catalogue {
    shared: Arc<Shared>,
}

struct Shared {
    lexicons: Lexicons,
    wanted: Wanted,
    loaded: ArcSwap<HashMap<Nsid, Arc<LoadedLexicon>>>,
    /// What the parameters of queries mean, as those in `loaded` say.
    shapes: ArcSwap<Vec<(Nsid, Arc<Shape>)>>,
    /// The version of `loaded`. Locked while refreshing, so that an older state never replaces a newer one.
    version: Mutex<i64>,
    refreshed: watch::Sender<i64>,
}

impl Catalogue {
    /// Loads all lexicons and tells `wanted` which collections they ask for.
    pub async fn load(lexicons: Lexicons, wanted: Wanted) -> Result<Self, Error> {
        let shared = Shared {
            lexicons,
            wanted,
            loaded: ArcSwap::default(),
            shapes: ArcSwap::default(),
            version: Mutex::new(0),
            refreshed: watch::Sender::new(0),
        };
        let catalogue = Self { shared: Arc::new(shared) };
        catalogue.publish_interest();
        catalogue.refresh().await?;
        Ok(catalogue)
    }

    /// The table behind it.
    #[must_use]
    pub fn lexicons(&self) -> &Lexicons {
        &self.shared.lexicons
    }

    /// The lexicon of an NSID.
    #[must_use]
    pub(crate) fn get(&self, nsid: &str) -> Option<Arc<LoadedLexicon>> {
        self.shared.loaded.load().get(nsid).cloned()
    }

    /// The lexicon of an NSID that somebody wrote: in the authority, case does not matter.
    #[must_use]
    pub(crate) fn find(&self, nsid: &str) -> Option<Arc<LoadedLexicon>> {
        self.get(nsid).or_else(|| self.get(Nsid::parse(nsid).ok()?.as_str()))
    }

    /// The NSIDs of all record lexicons, sorted.
    #[must_use]
    pub fn collections(&self) -> Vec<Nsid> {
        interest::collections(&self.shared.loaded.load()).into_iter().collect()
    }

    /// Whether records of this collection are indexed because of a lexicon.
    #[must_use]
    pub fn is_collection(&self, nsid: &str) -> bool {
        self.shared.loaded.load().get(nsid).is_some_and(|lexicon| lexicon.is_record())
    }

    /// Takes over what has changed in the table. When it returns, everything committed before the call is in effect.
    pub async fn refresh(&self) -> Result<(), Error> {
        let mut version = self.shared.version.lock().await;
        let Some(changes) = self.shared.lexicons.changes(*version).await? else { return Ok(()) };
        let mut loaded = HashMap::clone(&self.shared.loaded.load());
        loaded.retain(|nsid, _| changes.present.contains(nsid.as_str()));
        for lexicon in changes.changed {
            loaded.insert(lexicon.id().clone(), Arc::new(lexicon));
        }
        metrics::gauge!(telemetry::LEXICONS).set(f64::from(u32::try_from(loaded.len()).unwrap_or(u32::MAX)));
        let mut shapes: Vec<(Nsid, Arc<Shape>)> = loaded
            .values()
            .filter(|lexicon| lexicon.kind() == LexiconType::Query)
            .filter_map(|lexicon| Some((lexicon.id().clone(), Arc::new(Shape::of(lexicon, &loaded)?))))
            .collect();
        shapes.sort_by(|(one, _), (other, _)| one.cmp(other));
        self.shared.loaded.store(Arc::new(loaded));
        self.shared.shapes.store(Arc::new(shapes));
        self.publish_interest();
        *version = changes.version;
        self.shared.refreshed.send_replace(changes.version);
        Ok(())
    }

    /// What the parameters of a query mean, if they mean anything.
    pub(crate) fn shape(&self, nsid: &Nsid) -> Option<Arc<Shape>> {
        let shapes = self.shared.shapes.load();
        let number = shapes.binary_search_by(|(id, _)| id.cmp(nsid)).ok()?;
        Some(Arc::clone(&shapes[number].1))
    }

    /// The same of all queries, by NSID.
    pub(crate) fn shapes(&self) -> Vec<(Nsid, Arc<Shape>)> {
        Vec::clone(&self.shared.shapes.load())
    }

    /// All lexicons of a type, by NSID.
    pub(crate) fn of_kind(&self, kind: LexiconType) -> Vec<Arc<LoadedLexicon>> {
        let loaded = self.shared.loaded.load();
        let mut lexicons: Vec<_> =
            loaded.values().filter(|lexicon| lexicon.kind() == kind).cloned().collect();
        lexicons.sort_by(|one, other| one.id().cmp(other.id()));
        lexicons
    }

    /// Announces each refresh that changed something.
    pub(crate) fn refreshed(&self) -> watch::Receiver<i64> {
        self.shared.refreshed.subscribe()
    }

    fn publish_interest(&self) {
        self.shared.wanted.set(interest::OWNER, interest::of(&self.shared.loaded.load()));
    }
}
