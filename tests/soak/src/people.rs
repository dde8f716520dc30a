//! What people in the network do.

use std::collections::BTreeMap;
use std::time::Duration;

use atproto::{Did, Nsid, RecordKey};
use serde_json::json;
use testkit::sim::{Standing, Write};
use tokio::time::sleep;

use crate::index;
use crate::rig::{Rig, collections};
use crate::wait::until;

/// What becomes of accounts that are not active.
const STANDINGS: [Standing; 4] =
    [Standing::Deactivated, Standing::TakenDown, Standing::Suspended, Standing::Deleted];

impl Rig {
    /// So many commits by anybody, over some time.
    pub(crate) async fn write(&mut self, commits: usize) {
        for _ in 0..commits {
            let active = self.active();
            if active.is_empty() {
                return;
            }
            let did = self.chance.pick(&active);
            self.commit(&did);
            if self.chance.is(0.3) {
                sleep(Duration::from_millis(self.chance.between(1, 5) as u64)).await;
            }
        }
    }

    /// The same, at once.
    pub(crate) fn write_at_once(&mut self, commits: usize) {
        for _ in 0..commits {
            let active = self.active();
            if !active.is_empty() {
                let did = self.chance.pick(&active);
                self.commit(&did);
            }
        }
    }

    /// The same, and something of everybody is in the index: from here on it shows when something is missing.
    pub(crate) async fn everybody_is_known(&mut self) {
        let uris = self.everybody_writes();
        until("something of everybody is here", async || {
            let here = index::records(&self.place.database).await.unwrap_or_default();
            uris.iter().all(|uri| here.contains_key(uri)).then_some(())
        })
        .await;
    }

    /// One new record of every account that is served: their URIs.
    pub(crate) fn everybody_writes(&mut self) -> Vec<String> {
        let mut uris = Vec::new();
        for did in self.active() {
            self.written += 1;
            let record = self.record(&collections()[0]);
            let rkey = RecordKey::parse(&format!("end{}", self.written)).unwrap();
            self.sim.write(&did, &collections()[0], &rkey, record);
            uris.push(format!("at://{did}/{}/{rkey}", collections()[0]));
        }
        uris
    }

    /// A commit of one account: new records, changed ones, deleted ones.
    pub(crate) fn commit(&mut self, did: &Did) {
        let there: Vec<String> = self.sim.served(did).into_keys().collect();
        let writes = if self.chance.is(0.7) { 1 } else { self.chance.between(2, 6) };
        let mut commit = BTreeMap::new();
        for _ in 0..writes {
            let old = (!there.is_empty() && self.chance.is(0.5)).then(|| self.chance.pick(&there));
            let is_gone = old.is_some() && self.chance.is(0.5);
            let (collection, rkey) = match old {
                Some(uri) => {
                    let mut parts = uri.rsplit('/');
                    let rkey = RecordKey::parse(parts.next().unwrap()).unwrap();
                    (Nsid::parse(parts.next().unwrap()).unwrap(), rkey)
                }
                None => {
                    self.written += 1;
                    let rkey = RecordKey::parse(&format!("k{}", self.written)).unwrap();
                    (self.chance.pick(&collections()), rkey)
                }
            };
            let record = (!is_gone).then(|| self.record(&collection));
            commit.insert((collection, rkey), record);
        }
        let writes: Vec<Write> = commit
            .into_iter()
            .map(|((collection, rkey), record)| Write { collection, rkey, record })
            .collect();
        self.sim.commit(did, &writes);
    }

    fn record(&mut self, collection: &Nsid) -> serde_json::Value {
        let mut record = json!({
            "$type": collection, "text": format!("the text number {}", self.chance.number() % 1000),
            "createdAt": "2026-01-01T00:00:00Z", "number": self.chance.below(1_000_000),
        });
        if self.chance.is(0.3) {
            let did = self.chance.pick(&self.sim.accounts());
            record["subject"] = format!("at://{did}/{}/k{}", collections()[0], self.chance.below(50)).into();
        }
        record
    }

    /// Somebody leaves, is thrown out, or comes back.
    pub(crate) fn disturb_an_account(&mut self) {
        let did = self.chance.pick(&self.sim.accounts());
        // Not everybody at once.
        let standing = if self.sim.standing(&did).is_active() && self.active().len() > 2 {
            self.chance.pick(&STANDINGS)
        } else {
            Standing::Active
        };
        self.sim.set_standing(&did, standing);
    }

    /// Somebody moves to another host, has another name, or another key.
    pub(crate) fn move_an_account(&mut self) {
        let did = self.chance.pick(&self.active());
        match self.chance.below(3) {
            0 => {
                let other = 1 - self.sim.host_of(&did);
                self.sim.migrate(&did, other);
            }
            1 => {
                self.written += 1;
                self.sim.set_handle(&did, &format!("name{}.test", self.written));
            }
            _ => self.sim.rotate_key(&did),
        }
    }
}
