//! For whom a script acts.

use std::any::Any;
use std::sync::Arc;

use accounts::pds::PdsSession;
use atproto::Did;
use lua::HostError;
use scripts::RecordContext;
use server::Principal;

use super::{JobRun, Reach};

/// Who calls a query or a procedure that is a script, or had a job made.
pub(crate) struct Acting {
    /// The script's trigger.
    pub(crate) trigger: String,
    /// Who; nobody if they are anonymous.
    pub(crate) caller: Option<Did>,
    /// The repository that the script may write to; only in procedures, and in jobs that were made so.
    pub(crate) session: Option<PdsSession>,
    /// The account that is written for in place of the caller.
    pub(crate) delegate: Option<Did>,
    /// The job that the script is.
    pub(crate) job: Option<JobRun>,
    pub(crate) reach: Reach,
}

impl Acting {
    /// What a caller showed who may have more done than be answered.
    pub(crate) fn principal(&self) -> Option<&Principal> {
        let caller = self.reach.party.caller().filter(|_| !self.reach.chain.is_query())?;
        Some(&caller.principal)
    }
}

/// What the script that this is the context of works for, unless it is the server itself.
pub(super) fn acting(context: &Arc<dyn Any + Send + Sync>) -> Option<&Acting> {
    context.downcast_ref::<Acting>()
}

/// A script is tried: it may look and change nothing.
pub(crate) struct Trying {
    /// The script's trigger.
    pub(crate) trigger: String,
    pub(crate) reach: Reach,
}

/// The trigger of the script that this is the context of.
pub(super) fn trigger(context: &Arc<dyn Any + Send + Sync>) -> &str {
    if let Some(acting) = acting(context) {
        return &acting.trigger;
    }
    if let Some(trying) = context.downcast_ref::<Trying>() {
        return &trying.trigger;
    }
    context.downcast_ref::<RecordContext>().map_or("", |context| &context.trigger)
}

/// Whether what the script does is to have no effects.
pub(super) fn is_dry(context: &Arc<dyn Any + Send + Sync>) -> bool {
    match acting(context) {
        Some(acting) => acting.reach.chain.is_dry(),
        None => context.is::<Trying>(),
    }
}

/// The session that the script may write with.
pub(super) fn session(context: &Arc<dyn Any + Send + Sync>) -> Option<&PdsSession> {
    acting(context)?.session.as_ref()
}

/// The job that the script is.
pub(super) fn job(context: &Arc<dyn Any + Send + Sync>) -> Option<&JobRun> {
    acting(context)?.job.as_ref()
}

/// The event that the script runs for, if it may run for it again.
pub(super) fn record(context: &Arc<dyn Any + Send + Sync>) -> Option<&RecordContext> {
    context.downcast_ref()
}

/// Whose records are meant where the script does not say.
pub(super) fn repo(context: &Arc<dyn Any + Send + Sync>) -> Option<&Did> {
    let acting = acting(context)?;
    acting.delegate.as_ref().or(acting.caller.as_ref())
}

/// How far the run reaches.
pub(super) fn reach(context: &Arc<dyn Any + Send + Sync>) -> Result<&Reach, HostError> {
    if let Some(acting) = acting(context) {
        return Ok(&acting.reach);
    }
    if let Some(trying) = context.downcast_ref::<Trying>() {
        return Ok(&trying.reach);
    }
    let held = record(context).and_then(|context| context.held.get_or_init(Reach::of_event));
    held.ok_or_else(|| HostError::new("this kind of script reaches nothing but the index"))
}
