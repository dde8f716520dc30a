//! A simulated network, somebody who reads in it, and what was read.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::time::Duration;

use atproto::{Did, Nsid, RecordKey};
use identity::{Resolver, ResolverConfig};
use outbound::{Outbound, OutboundConfig, Policy};
use remote::{Mode, Part, Position, Reader, Reading, Remote, RemoteConfig, RemoteError};
use serde_json::Value;
use testkit::sim::{AccountPlan, Behaviour, Expected, HostPlan, Plan, Sim};
use url::Url;

pub(crate) const NOTE: &str = "com.example.note";
pub(crate) const LIKE: &str = "com.example.like";
/// Nobody wants these.
pub(crate) const OTHER: &str = "com.example.other";

pub(crate) struct World {
    pub(crate) sim: Sim,
    pub(crate) remote: Remote,
}

impl World {
    pub(crate) async fn new(plan: Plan) -> Self {
        Self::with(plan, RemoteConfig::default()).await
    }

    pub(crate) async fn with(plan: Plan, config: RemoteConfig) -> Self {
        let sim = Sim::start(plan).await;
        let remote = reader_of(&sim.plc(), config);
        Self { sim, remote }
    }

    /// One host with one account that has so many records of each collection.
    pub(crate) async fn of_one(records: &[(&str, u32)]) -> Self {
        Self::new(one(Behaviour::Normal, records)).await
    }

    pub(crate) fn did(&self) -> Did {
        self.sim.accounts().remove(0)
    }

    pub(crate) async fn reader(
        &self,
        collections: &[&str],
        mode: Mode,
        verified: bool,
        from: Option<Position>,
    ) -> Reader {
        let home = self.remote.locate(&self.did()).await.unwrap();
        let collections = collections.iter().map(|collection| nsid(collection)).collect();
        self.remote.read(&home, Reading { collections, from, mode, verified })
    }

    /// Reads everything of the first account.
    pub(crate) async fn read(
        &self,
        collections: &[&str],
        mode: Mode,
        verified: bool,
    ) -> Result<Haul, RemoteError> {
        let mut reader = self.reader(collections, mode, verified, None).await;
        let mut parts = Vec::new();
        while let Some((part, _)) = reader.next().await? {
            parts.push(part);
        }
        Ok(Haul { parts, mode: reader.mode_used(), rejected: reader.rejected() })
    }

    /// What the oracle says that collections of the first account hold.
    pub(crate) fn truth(&self, collections: &[&str]) -> BTreeMap<String, Expected> {
        let mut records = self.sim.served(&self.did());
        records
            .retain(|uri, _| collections.iter().any(|collection| uri.contains(&format!("/{collection}/"))));
        records
    }
}

/// Somebody who reads, as far as the directory says where.
pub(crate) fn reader_of(plc: &Url, config: RemoteConfig) -> Remote {
    let outbound = client();
    let resolver =
        ResolverConfig { dev: true, refresh_floor: Duration::ZERO, ..ResolverConfig::new(plc.clone()) };
    Remote::new(outbound.clone(), Resolver::new(outbound, resolver), config)
}

pub(crate) fn client() -> Outbound {
    let config = OutboundConfig {
        policy: Policy::development(),
        connect_timeout: Duration::from_secs(2),
        ..OutboundConfig::default()
    };
    Outbound::new(config).unwrap()
}

/// One host with one account.
pub(crate) fn one(behaviour: Behaviour, records: &[(&str, u32)]) -> Plan {
    let records = records.iter().map(|(collection, count)| (nsid(collection), *count)).collect();
    let account = AccountPlan { records, ..AccountPlan::default() };
    Plan { seed: 4, hosts: vec![HostPlan::new(behaviour, vec![account])], ..Plan::default() }
}

/// What a reader read.
pub(crate) struct Haul {
    pub(crate) parts: Vec<Part>,
    pub(crate) mode: Mode,
    pub(crate) rejected: u64,
}

impl Haul {
    /// The records as the oracle has them.
    pub(crate) fn records(&self) -> BTreeMap<String, Expected> {
        records(&self.parts)
    }
}

/// The records of parts as the oracle has them.
pub(crate) fn records(parts: &[Part]) -> BTreeMap<String, Expected> {
    let mut records = BTreeMap::new();
    for part in parts {
        assert!(part.records.len() <= 500);
        // A later part counts in place of an earlier one.
        let prefix = format!("at://{}/{}/", part.did, part.collection);
        records.retain(|uri: &String, _| {
            uri.strip_prefix(&prefix).is_none_or(|rkey| !within(&part.keys, &key(rkey)))
        });
        for found in &part.records {
            assert!(within(&part.keys, &found.rkey), "{} is not within {:?}", found.rkey, part.keys);
            let uri = format!("{prefix}{}", found.rkey);
            let json: Value = serde_json::from_str(&found.json).unwrap();
            let twice = records.insert(uri, Expected { cid: found.cid.to_string(), json });
            assert_eq!(twice, None, "{} came twice", found.rkey);
        }
    }
    records
}

fn within((low, high): &(Bound<RecordKey>, Bound<RecordKey>), key: &RecordKey) -> bool {
    (match low {
        Bound::Included(low) => key >= low,
        Bound::Excluded(low) => key > low,
        Bound::Unbounded => true,
    }) && (match high {
        Bound::Included(high) => key <= high,
        Bound::Excluded(high) => key < high,
        Bound::Unbounded => true,
    })
}

/// Fails unless the parts of each collection cover it completely, without overlapping.
pub(crate) fn assert_complete(parts: &[Part], collections: &[&str]) {
    for collection in collections {
        let mut stretches: Vec<_> = parts
            .iter()
            .filter(|part| part.collection.as_str() == *collection)
            .map(|part| &part.keys)
            .collect();
        stretches.sort_by(|a, b| start(&a.0).cmp(&start(&b.0)));
        assert_eq!(stretches.first().map(|keys| &keys.0), Some(&Bound::Unbounded), "{collection}");
        assert_eq!(stretches.last().map(|keys| &keys.1), Some(&Bound::Unbounded), "{collection}");
        for pair in stretches.windows(2) {
            let joined = match (&pair[0].1, &pair[1].0) {
                (Bound::Included(end), Bound::Excluded(start))
                | (Bound::Excluded(end), Bound::Included(start)) => end == start,
                _ => false,
            };
            assert!(joined, "{collection}: {:?} is not followed by {:?}", pair[0], pair[1]);
        }
    }
}

fn start(bound: &Bound<RecordKey>) -> (&str, bool) {
    match bound {
        Bound::Unbounded => ("", false),
        Bound::Included(key) => (key.as_str(), false),
        Bound::Excluded(key) => (key.as_str(), true),
    }
}

pub(crate) fn nsid(text: &str) -> Nsid {
    Nsid::parse(text).unwrap()
}

pub(crate) fn key(text: &str) -> RecordKey {
    RecordKey::parse(text).unwrap()
}
