//! The jobs that fetch history, on the databases of this configuration.

use std::sync::Arc;

use anyhow::Result;
use backfill::{BackfillParts, Backfills, Tuning};
use events::EventLog;
use outbound::Outbound;
use records::{Records, Wanted};
use remote::archive::Archive;
use remote::{Directory, Remote};
use store::Store;

use crate::config::Settings;
use crate::network;

/// What the jobs share with the rest of the process.
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) records: Records,
    pub(crate) wanted: Wanted,
    pub(crate) events: EventLog,
    /// Asked again and again while jobs run.
    pub(crate) tuning: Arc<dyn Fn() -> Tuning + Send + Sync>,
    /// The name of this instance.
    pub(crate) instance: String,
}

/// The jobs, which reach the network through `outbound`: not the one that requests of people use.
pub(crate) fn open(settings: &Settings, outbound: Outbound, shared: Shared) -> Backfills {
    // With a memory of its own: what it asks the directory for goes through the same outbound.
    let resolver = network::resolver_of_history(settings, outbound.clone());
    let archive =
        settings.takes_archive().then(|| Archive::new(outbound.clone(), settings.jetstream().clone()));
    let Shared { store, records, wanted, events, tuning, instance } = shared;
    Backfills::open(BackfillParts {
        store,
        records,
        remote: Remote::new(outbound.clone(), resolver, network::remote_of_history(settings)),
        directory: Directory::new(outbound, settings.relay_url.clone()),
        archive,
        wanted,
        events,
        tuning,
        mode: settings.backfill_mode,
        verified: settings.backfill_verified,
        repair_gaps: settings.backfill_repair_gaps,
        instance,
        time_scale: settings.time_scale,
    })
}

/// The jobs for a command, which writes down what is to be done and looks at how far it is. A server does it.
pub(crate) async fn of_a_command(settings: &Settings, store: &Store, events: EventLog) -> Result<Backfills> {
    let shared = Shared {
        store: store.clone(),
        records: Records::new(store, crate::databases::projections()),
        wanted: Wanted::default(),
        events,
        tuning: Arc::new(Tuning::default),
        instance: String::new(),
    };
    Ok(open(settings, network::outbound_of_history(settings).await?, shared))
}
