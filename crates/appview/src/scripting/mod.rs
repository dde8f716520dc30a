//! Scripts of the appview: what they can reach, and where they take the place of what would be done without them.

mod acting;
mod call;
mod host;
mod limits;
mod views;

use std::sync::Arc;

use lua::{Engine, EngineConfig};
use scripts::{DeadLetters, Library, Parked, RecordHook, Scripts};

pub(crate) use acting::Acting;
pub(crate) use call::Call;
pub(crate) use host::ScriptHost;
pub use host::offline_engine;
pub(crate) use limits::limits;
pub use views::scripts_database;

use crate::AppviewParts;
use crate::{Catalogue, Error};

/// Threads that run scripts. One waits for what it asks of the host, so there are more than processors.
const THREADS: usize = 16;

/// The scripts of this server, compiled, and what becomes of those that fail.
#[derive(Clone)]
pub(crate) struct Scripting {
    pub(crate) library: Library,
    pub(crate) parked: Parked,
    pub(crate) dead_letters: DeadLetters,
}

impl Scripting {
    /// Loads and compiles the scripts.
    pub(crate) async fn open(parts: &AppviewParts, catalogue: &Catalogue) -> Result<Self, Error> {
        let host: Arc<ScriptHost> = Arc::new(ScriptHost::new(parts, catalogue).await?);
        let engine = Engine::new(EngineConfig::new(THREADS, host));
        let scripts = Scripts::open(&parts.store, parts.vault.clone(), parts.events.clone(), engine);
        let library = Library::load(scripts).await?;
        let settings = parts.accounts.settings.clone();
        let of_records = move || limits(&settings);
        let parked = Parked::new(library.clone(), parts.records.clone(), parts.instance.clone(), of_records);
        Ok(Self { dead_letters: DeadLetters::new(parked.clone()), library, parked })
    }

    /// Runs the scripts of records; to be given to the ingest.
    pub(crate) fn record_hook(&self) -> RecordHook {
        RecordHook::new(self.parked.clone())
    }
}
