//! Reading page by page, on the host's word.

use atproto::{Cid, Nsid, RecordKey, Tid};
use clock::now_micros;

use super::Step;
use super::listing::{self, BadPage, LIMIT, Page};
use super::remaining::Remaining;
use super::tally::Tally;
use crate::answer::malformed;
use crate::client::Asked;
use crate::host::Sample;
use crate::query::Query;
use crate::{Found, Home, Part, Remote, RemoteError};

const METHOD: &str = "com.atproto.repo.listRecords";

/// Largest page: a hundred records of the largest size that servers accept as JSON.
const MAX_BYTES: usize = 16 << 20;

/// Pages in a row without a single valid key that still have a successor. There is no reason to send one.
const MAX_EMPTY: u32 = 3;

/// Reading page by page, newest keys first.
pub(crate) struct Pages {
    /// The repository was at this revision before the first page was asked for: the only one that all pages are known to
    /// include, since they tell none.
    floor: Tid,
    /// Where the next page of the first collection begins; `None` before its first page.
    cursor: Option<String>,
    /// The last key that was listed.
    below: Option<String>,
    empty: u32,
    /// Pages of the largest size, after which there may be many more.
    full: u32,
    /// The number of full pages after which the tree is looked at next.
    due: u32,
    /// The last and the first record of the last page.
    samples: Vec<(RecordKey, Cid)>,
}

impl Pages {
    pub(crate) async fn open(remote: &Remote, home: &Home) -> Result<Self, RemoteError> {
        let (floor, _) = remote.latest_at(home).await?;
        Ok(Self { floor, cursor: None, below: None, empty: 0, full: 0, due: 1, samples: Vec::new() })
    }

    /// Two records of the last page of the first collection that remains, to be looked for in the tree: after the first full
    /// page, the second, the fourth, and so on. Otherwise a host could list records for ever that nobody wrote.
    pub(super) fn samples(&mut self) -> Vec<(RecordKey, Cid)> {
        if self.full < self.due || self.samples.is_empty() {
            return Vec::new();
        }
        self.due = 2 * self.full;
        std::mem::take(&mut self.samples)
    }

    /// Reads pages until there is something to say about the first collection that remains.
    pub(crate) async fn next(
        &mut self,
        remote: &Remote,
        home: &Home,
        remaining: &mut Remaining,
        tally: &mut Tally,
    ) -> Result<Option<Step>, RemoteError> {
        let Some((collection, left)) = remaining.first() else { return Ok(None) };
        let (collection, left) = (collection.clone(), left.clone());
        if self.below.is_none() {
            // Cursors of listings are keys.
            self.below = left.below.as_ref().map(ToString::to_string);
            self.cursor.clone_from(&self.below);
        }
        loop {
            let asked_at = now_micros();
            let page = self.page(remote, home, &collection).await?;
            page.rejected.iter().for_each(|reason| tally.reject(reason));
            self.full += u32::from(page.entries == LIMIT);
            let sample = |found: &Found| (found.rkey.clone(), found.cid);
            self.samples = page.found.last().into_iter().chain(page.found.first()).map(sample).collect();
            self.below = page.last.or(self.below.take());

            let above = left.above.as_ref();
            let passed =
                above.is_some_and(|above| self.below.as_deref().is_some_and(|last| last <= above.as_str()));
            let ends = passed || page.cursor.is_none();
            self.cursor = page.cursor;
            let mut records = page.found;
            records.retain(|found| above.is_none_or(|above| found.rkey > *above));

            let (keys, position) = match page.last_valid {
                _ if ends => {
                    (self.cursor, self.below, self.empty) = (None, None, 0);
                    self.samples.clear();
                    remaining.finish(collection.clone())
                }
                Some(last) => remaining.read_down_to(collection.clone(), last),
                None => continue,
            };
            let did = home.did.clone();
            let part = Part { did, collection, rev: self.floor, asked_at, keys, records, proven: false };
            return Ok(Some((part, position)));
        }
    }

    async fn page(&mut self, remote: &Remote, home: &Home, collection: &Nsid) -> Result<Page, RemoteError> {
        let asked = Asked::from(home);
        let mut query = Query::json(METHOD, MAX_BYTES).measured(Sample::Page);
        query = query.with("repo", &home.did).with("collection", collection).with("limit", &LIMIT);
        if let Some(cursor) = &self.cursor {
            query = query.with("cursor", cursor);
        }
        let answer = remote.client().ask(asked, &query).await?;
        let page = listing::parse(&answer.body, &home.did, collection, self.below.as_deref());
        let page = page.map_err(|bad| match bad {
            BadPage::Malformed(what) => malformed(asked, METHOD, what),
            BadPage::Untrusted(reason) => home.untrusted(reason),
        })?;
        if page.cursor.is_some() && page.cursor == self.cursor {
            return Err(home.untrusted("cursor_repeats"));
        }
        self.empty = if page.last_valid.is_none() { self.empty + 1 } else { 0 };
        if page.cursor.is_some() && self.empty > MAX_EMPTY {
            return Err(home.untrusted("endless"));
        }
        Ok(page)
    }
}
