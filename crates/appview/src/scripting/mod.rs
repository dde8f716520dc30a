//! Scripts of the appview: what they can reach, and where they take the place of what would be done without them.

mod acting;
mod blobs;
mod call;
mod chain;
mod host;
mod jobs;
mod limits;
mod reach;
mod retries;
mod trial;
mod views;

use std::path::PathBuf;
use std::sync::Arc;

use ::jobs::Jobs;
use lua::{Engine, EngineConfig};
use scripts::{DeadLetters, Folder, LabelHook, Library, Parked, RecordHook, Scripts};

pub(crate) use acting::Acting;
pub(crate) use call::Call;
pub(crate) use chain::Chain;
pub use host::offline_engine;
pub(crate) use host::{Methods, ScriptHost};
pub(crate) use jobs::{Creator, JobRun, JobScripts};
pub(crate) use limits::limits;
pub(crate) use reach::Reach;
pub use retries::{Retries, RetryError};
pub use trial::{Attempt, Report, TrialError, Trials};
pub use views::scripts_database;

use crate::AppviewParts;
use crate::labelling::Labelling;
use crate::{Catalogue, Error};

/// Scripts that are under way at once, each with its machine. Most of them wait for something.
const AT_ONCE: usize = 16;

/// The scripts of this server, compiled, and what becomes of those that fail.
#[derive(Clone)]
pub(crate) struct Scripting {
    pub(crate) library: Library,
    pub(crate) parked: Parked,
    pub(crate) dead_letters: DeadLetters,
    pub(crate) jobs: JobScripts,
    /// To be told the methods of this server, once they are there.
    pub(crate) methods: Methods,
    pub(crate) retries: Retries,
    pub(crate) trials: Trials,
}

impl Scripting {
    /// Loads and compiles the scripts.
    pub(crate) async fn open(
        parts: &AppviewParts,
        catalogue: &Catalogue,
        labelling: &Labelling,
    ) -> Result<Self, Error> {
        let jobs = Jobs::open(&parts.store, parts.events.clone());
        let host = ScriptHost::new(parts, catalogue, labelling, jobs.clone()).await?;
        let methods = host.methods();
        let host: Arc<ScriptHost> = Arc::new(host);
        let engine = Engine::new(EngineConfig::new(AT_ONCE, host.clone()));
        let jobs = JobScripts::new(parts, jobs, host);
        let scripts = Scripts::open(&parts.store, parts.vault.clone(), parts.events.clone(), engine);
        let library = Library::load(scripts).await?;
        let settings = parts.accounts.settings.clone();
        let of_records = move || limits(&settings);
        let (records, labels) = (parts.records.clone(), labelling.labels.clone());
        let parked = Parked::new(library.clone(), records, labels, parts.instance.clone(), of_records);
        let dead_letters = DeadLetters::new(&parts.store.state);
        let retries = Retries::new(parked.clone(), dead_letters.clone(), parts.readthrough.clone());
        let trials = Trials {
            library: library.clone(),
            catalogue: catalogue.clone(),
            records: parts.records.clone(),
            settings: parts.accounts.settings.clone(),
        };
        Ok(Self { library, parked, dead_letters, jobs, methods, retries, trials })
    }

    /// Puts a folder of scripts into effect; to be followed.
    pub(crate) async fn folder(&self, dir: PathBuf) -> Result<Folder, Error> {
        Ok(Folder::open(self.library.clone(), dir).await?)
    }

    /// Runs the scripts of labels; to be given to what follows labelers.
    pub(crate) fn label_hook(&self) -> LabelHook {
        LabelHook::new(self.parked.clone())
    }

    /// Runs the scripts of records; to be given to the ingest.
    pub(crate) fn record_hook(&self) -> RecordHook {
        RecordHook::new(self.parked.clone())
    }
}
