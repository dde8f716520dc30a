//! Background jobs: what a script does for as long as it takes, when nobody waits (spec/appview.md §5.11).

mod creator;
mod globals;
mod run;
mod runner;

use std::sync::Arc;

use jobs::{Jobs, Worker, WorkerConfig};
use lua::{Engine, EngineConfig};

use super::{ScriptHost, Scripting};
use crate::AppviewParts;
pub(crate) use creator::Creator;
pub(crate) use run::JobRun;
use runner::ScriptRunner;

/// The jobs, and the machines that only they use: however long one takes, requests and records do not wait for it.
#[derive(Clone)]
pub(crate) struct JobScripts {
    pub(crate) jobs: Jobs,
    engine: Engine,
    config: WorkerConfig,
}

impl JobScripts {
    pub(super) fn new(parts: &AppviewParts, jobs: Jobs, host: Arc<ScriptHost>) -> Self {
        let config = parts.jobs.clone();
        let at_once = (config.tuning)().concurrency.max(1) as usize;
        // Programs come from another engine, which would not tell this one when they go.
        let engine = Engine::new(EngineConfig { idle_machines: 0, ..EngineConfig::new(at_once, host) });
        Self { jobs, engine, config }
    }
}

impl Scripting {
    /// What runs the jobs of this instance.
    pub(crate) fn worker(&self, parts: &AppviewParts) -> Worker {
        let JobScripts { jobs, engine, config } = self.jobs.clone();
        let (library, sessions) = (self.library.clone(), parts.accounts.pds_sessions.clone());
        jobs.worker(Arc::new(ScriptRunner { library, engine, sessions }), config)
    }
}
