//! One record, with proof.

use std::ops::Bound;

use atproto::car::{self, Blocks};
use atproto::{Cid, Nsid, RecordKey, Tid, mst};
use clock::now_micros;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::answer::malformed;
use crate::client::Asked;
use crate::head::{MAX_PROOF_BYTES, is_no_proof};
use crate::host::Sample;
use crate::query::Query;
use crate::refusal::is_unknown_method;
use crate::{Found, Home, Part, Remote, RemoteError, found, signed, telemetry};

const METHOD: &str = "com.atproto.repo.getRecord";

/// A record of the largest size, as JSON, and its envelope.
const MAX_BYTES: usize = 2 << 20;

/// The answer of a host that proves nothing.
#[derive(Deserialize)]
struct Word<'a> {
    uri: String,
    cid: Option<Cid>,
    #[serde(borrow)]
    value: &'a RawValue,
}

impl Remote {
    /// Asks the host for one record, with the proof that it exists or does not (`com.atproto.sync.getRecord`): a part whose
    /// keys are exactly that key, and whose records are one or none.
    ///
    /// A record that exists but whose content is none is left out, as one that is not there. A host that does not know the
    /// method, or a repository without a key, is asked for the record without proof, if the configuration allows it.
    pub async fn record(
        &self,
        home: &Home,
        collection: &Nsid,
        rkey: &RecordKey,
    ) -> Result<Part, RemoteError> {
        self.at_home(home, |home| async move {
            let proven = match home.key {
                Some(_) => self.proven(&home, collection, rkey).await,
                None => Err(home.untrusted("no_key")),
            };
            match proven {
                Err(error) if self.config().unproven_records && cannot_prove(&home, &error) => {
                    self.unproven(&home, collection, rkey).await
                }
                proven => proven,
            }
        })
        .await
    }

    async fn proven(&self, home: &Home, collection: &Nsid, rkey: &RecordKey) -> Result<Part, RemoteError> {
        let asked_at = now_micros();
        let mut blocks = Blocks::new(car::Limits { bytes: MAX_PROOF_BYTES, ..car::Limits::default() });
        let root = self.proof(home, collection, rkey.as_str(), &mut blocks).await?;
        let commit = signed::commit(home, &root, &blocks)?;
        let cid = mst::find(commit.data, &format!("{collection}/{rkey}"), &blocks);
        let found = match cid.map_err(|error| home.untrusted(error.reason()))? {
            None => None,
            Some(cid) => {
                let block = blocks.get(&cid).ok_or_else(|| home.untrusted("missing_block"))?;
                Some(found::signed(rkey.clone(), block, cid))
            }
        };
        Ok(part(home, collection, rkey, (commit.rev, asked_at, true), found))
    }

    /// The host's word: at this revision, or a later one.
    async fn unproven(&self, home: &Home, collection: &Nsid, rkey: &RecordKey) -> Result<Part, RemoteError> {
        let (rev, _) = self.latest_at(home).await?;
        let (asked, asked_at) = (Asked::from(home), now_micros());
        let query = Query::json(METHOD, MAX_BYTES).measured(Sample::RoundTrip).with("repo", &home.did);
        let query = query.with("collection", collection).with("rkey", rkey);
        let found = match self.client().ask(asked, &query).await {
            Ok(answer) => {
                let word: Word<'_> =
                    serde_json::from_slice(&answer.body).map_err(|error| malformed(asked, METHOD, error))?;
                if word.uri != format!("at://{}/{collection}/{rkey}", home.did) {
                    return Err(home.untrusted("foreign_uri"));
                }
                let cid = word.cid.ok_or_else(|| malformed(asked, METHOD, "`cid` is missing"))?;
                Some(found::announced(rkey.clone(), word.value.get().as_bytes(), cid))
            }
            Err(error) if is_no_proof(&error) => None,
            Err(error) => return Err(error),
        };
        Ok(part(home, collection, rkey, (rev, asked_at, false), found))
    }
}

/// Whether this is about what the host, or the repository, cannot do at all.
fn cannot_prove(home: &Home, error: &RemoteError) -> bool {
    home.key.is_none() || is_unknown_method(error) || is_no_proof(error)
}

/// The part that has this key alone.
fn part(
    home: &Home,
    collection: &Nsid,
    rkey: &RecordKey,
    (rev, asked_at, proven): (Tid, i64, bool),
    found: Option<Result<Found, &'static str>>,
) -> Part {
    let records = match found {
        Some(Ok(found)) => vec![found],
        Some(Err(reason)) => {
            telemetry::rejected(reason);
            Vec::new()
        }
        None => Vec::new(),
    };
    let keys = (Bound::Included(rkey.clone()), Bound::Included(rkey.clone()));
    Part { did: home.did.clone(), collection: collection.clone(), rev, asked_at, keys, records, proven }
}
