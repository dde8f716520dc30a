//! Running the script of a job.

use std::sync::Arc;

use accounts::pds::{PdsError, PdsSession, PdsSessions};
use futures::future::{BoxFuture, FutureExt};
use jobs::{Control, Job, RunError, Runner};
use lua::{Engine, Limits, Program, Returned, Run, ScriptError};
use scripts::{Library, Trigger};

use super::creator::Creator;
use super::globals::globals;
use super::run::JobRun;
use crate::scripting::{Acting, Chain, Reach};
use crate::xrpc::Party;

/// Does what the script of a job's type says.
pub(super) struct ScriptRunner {
    pub(super) library: Library,
    pub(super) engine: Engine,
    pub(super) sessions: PdsSessions,
}

impl ScriptRunner {
    async fn work(&self, job: &Job, control: Arc<Control>) -> Result<Option<String>, RunError> {
        let trigger = Trigger::Job(job.job_type.to_string());
        let program = self.program(&trigger).await?;
        let creator = if job.inherit_auth { Some(creator(job)?) } else { None };
        let session = match &creator {
            Some(creator) => Some(self.session(creator).await?),
            None => None,
        };
        let context = Acting {
            trigger: trigger.to_string(),
            caller: Some(job.created_by.clone()),
            session,
            delegate: None,
            job: Some(JobRun::new(control)),
            // Each of its calls begins a chain of its own: a job may take as long as it takes.
            reach: Reach::of(creator.map_or_else(Party::nobody, Party::behind), Chain::outside(false)),
        };
        let run = Run {
            globals: globals(job, self.library.variables()),
            limits: Limits::job(),
            context: Arc::new(context),
            depth: 0,
        };
        match self.engine.run(&program, run).await {
            Ok(outcome) => Ok(match outcome.returned {
                Returned::Nil => None,
                Returned::Table(json) | Returned::Other(json) => Some(String::from(Box::<str>::from(json))),
            }),
            Err(error) => Err(failed(&error)),
        }
    }

    async fn program(&self, trigger: &Trigger) -> Result<Program, RunError> {
        if let Some(program) = self.library.program(trigger) {
            return Ok(program);
        }
        // It may have been stored a moment ago.
        self.library.refresh().await.map_err(|error| again(error.to_string()))?;
        let none = || {
            let (id, name) = (trigger.to_string(), trigger.suffix());
            format!(
                "there is no script for jobs of type {name}: add one with the trigger {id} and try the job again"
            )
        };
        self.library.program(trigger).ok_or_else(|| for_good(none()))
    }

    /// The session that the job was made with, if it has not ended since.
    async fn session(&self, creator: &Creator) -> Result<PdsSession, RunError> {
        creator.session(&self.sessions).await.map_err(|error| match error {
            PdsError::NoSession | PdsError::Ended => {
                for_good("the session that this job was to act with has ended")
            }
            error => again(error.to_string()),
        })
    }
}

impl Runner for ScriptRunner {
    fn run<'a>(
        &'a self,
        job: &'a Job,
        control: &'a Arc<Control>,
    ) -> BoxFuture<'a, Result<Option<String>, RunError>> {
        self.work(job, Arc::clone(control)).boxed()
    }
}

/// For whom the job is to act.
fn creator(job: &Job) -> Result<Creator, RunError> {
    let none = || for_good("whoever had this job made with auth = true has no session with their PDS");
    let session = job.session.as_deref().ok_or_else(none)?.into();
    Ok(Creator { did: job.created_by.clone(), session })
}

/// A dead session does not come back, and what a script does wrong it does wrong again.
fn failed(error: &ScriptError) -> RunError {
    let retry = error.is_transient() && !matches!(error, ScriptError::Auth(_));
    RunError { message: error.to_string(), retry }
}

fn again(message: String) -> RunError {
    RunError { message, retry: true }
}

fn for_good(message: impl Into<String>) -> RunError {
    RunError { message: message.into(), retry: false }
}
