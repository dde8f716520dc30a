//! Writing records of owners, so that what was written is there for the next request.

use atproto::{Cid, Nsid, RecordKey};
use records::{RepoAnswer, RepoWrite, RepoWriter};
use serde_json::{Map, Value};

use crate::authors::{Author, AuthorError, Current};
use crate::load::unknowable;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// How often a record is looked at again that changes while it is written.
const ATTEMPTS: usize = 4;

impl Registry {
    /// Carries a write out. When this returns, the index says the same as the repository.
    pub(crate) async fn write(&self, author: &Author, write: RepoWrite) -> Result<(), Refusal> {
        let written = self.records.write(author, &write).await?;
        if !written.answer.status.is_success() {
            return Err(AuthorError::refused(&written.answer).into());
        }
        match written.confirmed {
            Some(_) => Ok(()),
            // It may have been done; who asks does it once more.
            None => Err(unknowable()),
        }
    }

    /// Puts a record under the first of two keys, or under the second, if the first has something that `is_it` is not said of. The key.
    ///
    /// What is there is not taken from the index alone, which may know less, or not know yet: the repository itself compares it when it
    /// writes, so that nothing else of the owner's is ever written over.
    pub(crate) async fn put_apart(
        &self,
        author: &Author,
        collection: Nsid,
        [first, second]: [RecordKey; 2],
        record: Map<String, Value>,
        is_it: impl Fn(&str) -> bool,
    ) -> Result<RecordKey, Refusal> {
        let mut there = self.there(author, &collection, &first).await?;
        for _ in 0..ATTEMPTS {
            if there.as_ref().is_some_and(|found| !is_it(&found.json)) {
                let rkey = second.clone();
                self.write(author, RepoWrite::Put { collection, rkey, record }).await?;
                return Ok(second);
            }
            let swap = RepoWrite::Swap {
                collection: collection.clone(),
                rkey: first.clone(),
                record: record.clone(),
                expected: there.map(|found| found.cid),
            };
            let written = self.records.write(author, &swap).await?;
            match written.confirmed {
                Some(_) => return Ok(first),
                None if is_other(&written.answer) => {}
                None if written.answer.status.is_success() => return Err(unknowable()),
                None => return Err(AuthorError::refused(&written.answer).into()),
            }
            there = self.authors.record(&author.did(), &collection, &first).await?;
        }
        Err(Refusal::unavailable(std::io::Error::other("others are writing the same record")))
    }

    /// What is under a key, by the index if it knows; otherwise whoever has the repository is asked.
    pub(crate) async fn there(
        &self,
        author: &Author,
        collection: &Nsid,
        rkey: &RecordKey,
    ) -> Result<Option<Current>, Refusal> {
        let owner = author.did();
        if !self.authors.is_hosted(&owner) {
            let known = self.records.get(&owner, collection, rkey).await?;
            let known = known.and_then(|record| Some((Cid::parse(&record.cid?).ok()?, record.json)));
            if let Some((cid, json)) = known {
                return Ok(Some(Current { cid, json }));
            }
            if self.records.is_complete(&owner, collection).await? {
                return Ok(None);
            }
        }
        self.authors.record(&owner, collection, rkey).await
    }
}

/// Whether a repository refused because something else is there than was expected.
fn is_other(answer: &RepoAnswer) -> bool {
    let error: Option<Value> = serde_json::from_slice(&answer.body).ok();
    answer.status.is_client_error() && error.is_some_and(|error| error["error"] == "InvalidSwap")
}
