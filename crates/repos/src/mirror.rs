//! The record index as a reader of what is at home here: the same rows as of any other repository.
//!
//! Whoever writes through [`records::Records::write`] finds the record in the index at once; this is for every other way, and
//! for an index that was lost. How far it is in step is a row of the index, so it vanishes with what it vouches for.

mod changed;
mod parts;
mod reached;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use atproto::Nsid;
use records::{Along, Records, Wanted};
use remote::Part;
use server::Task;
use store::{Database, Store};
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::{Error, Repos};

/// How soon what another instance wrote, or a new wish, is noticed.
const POLL: Duration = Duration::from_secs(1);

/// What is committed one after the other is looked at together.
const TOGETHER: Duration = Duration::from_millis(50);

/// Events that are looked at together.
const EVENTS: i64 = 500;

/// Events that are passed over before that is written down.
const UNWRITTEN: i64 = 1000;

/// Whether the records of a collection of everybody who is at home here are in an index. They are not for a moment after it was lost.
pub async fn is_mirrored(index: &Database, collection: &Nsid) -> Result<bool, store::Error> {
    Ok(reached::read(index, collection).await?.is_some())
}

/// What can be said when something has been entered.
#[derive(Clone, Copy)]
enum Reached {
    /// Nothing yet.
    Some,
    /// If everything was there before, it is up to this number.
    More(i64),
    /// Everything is, up to this number.
    All(i64),
}

/// Keeps the record index in step.
pub struct Mirror {
    repos: Repos,
    records: Records,
    wanted: Wanted,
    index: Database,
    /// How far each collection is: the same as the rows, or further where nothing had to be written.
    reached: HashMap<Nsid, i64>,
}

impl Mirror {
    /// Of these repositories in that index, as far as its collections are wanted.
    #[must_use]
    pub fn new(repos: &Repos, records: &Records, wanted: &Wanted, store: &Store) -> Self {
        Self {
            repos: repos.clone(),
            records: records.clone(),
            wanted: wanted.clone(),
            index: store.index.clone(),
            reached: HashMap::new(),
        }
    }

    /// Does so for as long as the server runs.
    #[must_use]
    pub fn task(self) -> Task {
        Task::new("mirror of repositories", |stop| self.run(stop))
    }

    async fn run(mut self, stop: CancellationToken) {
        let mut committed = self.repos.committed();
        loop {
            committed.mark_unchanged();
            if let Err(error) = self.catch_up().await {
                error!(%error, "the record index is not in step with the repositories that are at home here");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(POLL) => {}
                _ = committed.changed() => tokio::time::sleep(TOGETHER).await,
            }
        }
    }

    /// Brings everything that is wanted up to what has been committed when this is called.
    pub async fn catch_up(&mut self) -> Result<(), Error> {
        for collection in self.wanted.indexed() {
            while !self.advance(&collection).await? {}
        }
        Ok(())
    }

    /// A step of one collection; whether that was the last one for now.
    async fn advance(&mut self, collection: &Nsid) -> Result<bool, Error> {
        let stored = reached::read(&self.index, collection).await?;
        let known = stored.map(|stored| stored.max(self.reached.get(collection).copied().unwrap_or(0)));
        let Some(changed) = changed::changed(&self.repos, collection, known, EVENTS).await? else {
            let until = self.enter_everything(collection, stored.is_none()).await?;
            self.reached.insert(collection.clone(), until);
            return Ok(false);
        };
        let parts = parts::of_names(&self.repos, &self.records, collection, changed.names).await?;
        if !parts.is_empty() || changed.until - stored.unwrap_or(0) > UNWRITTEN {
            self.enter(collection, parts, Reached::More(changed.until)).await?;
        }
        self.reached.insert(collection.clone(), changed.until);
        Ok(changed.is_all)
    }

    /// Enters a whole collection of everybody; the number of the last event that this takes into account.
    async fn enter_everything(&self, collection: &Nsid, is_new: bool) -> Result<i64, Error> {
        let until = changed::newest(&self.repos).await?;
        let mut after = 0;
        loop {
            let page = self.repos.page(after, 100).await?;
            for repo in &page.repos {
                let mut from = None;
                loop {
                    let stretch = parts::stretch(&self.repos, &repo.did, collection, from.take()).await?;
                    // Of an index that is new there is nothing to be removed.
                    if !(is_new && stretch.part.records.is_empty()) {
                        self.enter(collection, vec![stretch.part], Reached::Some).await?;
                    }
                    match stretch.next {
                        Some(next) => from = Some(next),
                        None => break,
                    }
                }
            }
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        self.enter(collection, Vec::new(), Reached::All(until)).await?;
        Ok(until)
    }

    async fn enter(&self, collection: &Nsid, parts: Vec<Part>, until: Reached) -> Result<(), Error> {
        let collection = collection.clone();
        let along: Along = Arc::new(move |conn, _| match until {
            Reached::All(until) => Ok(reached::write(conn, &collection, until)?),
            Reached::More(until) => Ok(reached::advance(conn, &collection, until)?),
            Reached::Some => Ok(()),
        });
        self.records.reconcile(parts, false, along).await?;
        Ok(())
    }
}

impl std::fmt::Debug for Mirror {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mirror").field("reached", &self.reached).finish_non_exhaustive()
    }
}
