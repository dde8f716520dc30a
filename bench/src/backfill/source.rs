//! The network that history comes from, and what must come of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use atproto::data::{Limits, record};
use atproto::{Nsid, Tid};
use testkit::sim::{Behaviour, Expected, Place, Plan, Sim};

use super::COLLECTION;
use crate::raw::{Batch, Change, Row, State, Write, collection_id};
use crate::synth::Record;

/// Repository hosts, as in the peer's measurement.
const HOSTS: usize = 10;
/// Records of each repository, as there.
const RECORDS: u32 = 200;
/// Repositories per transaction of the raw limit: 2,000 records.
const BATCH: usize = 10;

/// A network in this process, whose repositories have been made.
pub(super) struct Source {
    pub(super) sim: Sim,
    pub(super) expected: BTreeMap<String, Expected>,
}

impl Source {
    pub(super) fn start(repos: u32) -> anyhow::Result<Self> {
        let collection = Nsid::parse(COLLECTION.nsid())?;
        let accounts = usize::try_from(repos)?.div_ceil(HOSTS);
        let plan = Plan::normal(1, HOSTS, accounts, std::slice::from_ref(&collection), RECORDS);
        let sim = tokio::runtime::Builder::new_current_thread().build()?.block_on(Sim::start(plan));
        let expected = sim.expected(&[collection]);
        Ok(Self { sim, expected })
    }

    /// Lets every server of the network take this long to answer.
    pub(super) fn delay(&self, latency: Duration) {
        let behaviour = if latency.is_zero() { Behaviour::Normal } else { Behaviour::Latency(latency) };
        for place in (0..HOSTS).map(Place::Host).chain([Place::Plc, Place::Relay]) {
            self.sim.behave(place, behaviour.clone());
        }
    }

    /// The rows that an index gets of it, cut into transactions.
    pub(super) fn batches(&self) -> anyhow::Result<Vec<Batch>> {
        let collection = collection_id(COLLECTION);
        let mut batches = vec![Batch::default()];
        let (mut repo, mut last_did) = (0, "");
        for (id, (uri, expected)) in (1..).zip(&self.expected) {
            let mut parts = uri.trim_start_matches("at://").split('/');
            let (did, rkey) =
                parts.next().zip(parts.nth(1)).with_context(|| format!("not a record: {uri}"))?;
            if did != last_did {
                (repo, last_did) = (repo + 1, did);
                if batches.last().is_some_and(|batch| batch.repos.len() == BATCH) {
                    batches.push(Batch::default());
                }
            }
            let Some(batch) = batches.last_mut() else { continue };
            if batch.repos.last().is_none_or(|(last, _)| *last != repo) {
                batch.repos.push((repo, did.to_owned()));
            }
            let (time_us, rev) = Tid::parse(rkey).map(|tid| (tid.timestamp_micros(), tid.as_i64()))?;
            let json = expected.json.to_string();
            let mut links: Vec<String> = record::references(&json, &Limits::default())?
                .into_iter()
                .map(std::borrow::Cow::into_owned)
                .collect();
            links.sort_unstable();
            links.dedup();
            batch.links_new.extend(links.iter().map(|link| (link.clone(), collection, id)));
            let record = Arc::new(Record { json, cid: expected.cid.clone(), links });
            let state = State { rev, time_us, record: Some(record), visible: true };
            let key = (collection, repo, rkey.to_owned());
            batch.rows.push(Row { id, write: Write::Insert { key, state } });
            let record = Some((collection, rkey.to_owned(), rev));
            batch.changes.push(Change { at: time_us, action: 1, repo, record });
        }
        for batch in &mut batches {
            batch.links_new.sort_unstable();
            batch.counts = vec![(collection, i64::try_from(batch.rows.len())?)];
        }
        Ok(batches)
    }
}
