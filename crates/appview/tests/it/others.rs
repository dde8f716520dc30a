//! What asks other people's hosts, as the composition root builds it.

use std::sync::Arc;

use accounts::Settings;
use backfill::{BackfillParts, Backfills, Tuning};
use cache::Cache;
use events::EventLog;
use identity::Resolver;
use outbound::Outbound;
use readthrough::{Budget, ReadThrough, ReadThroughConfig, ReadThroughParts};
use records::{Records, Wanted};
use remote::{Directory, Mode, Remote, RemoteConfig};
use store::Store;
use url::Url;

/// What that is built on.
pub(crate) struct Others<'a> {
    pub(crate) store: &'a Store,
    pub(crate) records: &'a Records,
    pub(crate) outbound: &'a Outbound,
    pub(crate) resolver: &'a Resolver,
}

impl Others<'_> {
    pub(crate) fn readthrough(&self, cache: Cache, settings: Settings) -> ReadThrough {
        ReadThrough::new(ReadThroughParts {
            records: self.records.clone(),
            remote: self.remote(RemoteConfig { unproven_records: false, ..RemoteConfig::default() }),
            cache,
            budget: Arc::new(move || {
                let current = settings.current();
                Budget { per_asker: current.read_through_per_caller, total: current.read_through_total }
            }),
            config: ReadThroughConfig::default(),
        })
    }

    /// `relay` has the directory of who has written what.
    pub(crate) fn backfills(&self, relay: Url, wanted: Wanted, events: EventLog) -> Backfills {
        Backfills::open(BackfillParts {
            store: self.store.clone(),
            records: self.records.clone(),
            remote: self.remote(RemoteConfig::default()),
            directory: Directory::new(self.outbound.clone(), relay),
            archive: None,
            wanted,
            events,
            tuning: Arc::new(Tuning::default),
            mode: Mode::Auto,
            verified: false,
            repair_gaps: false,
            instance: "test".to_owned(),
            // What waits for a host that fails is not what is tested here.
            time_scale: 1000,
        })
    }

    fn remote(&self, config: RemoteConfig) -> Remote {
        Remote::new(self.outbound.clone(), self.resolver.clone(), config)
    }
}
