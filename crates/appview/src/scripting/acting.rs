//! For whom a script acts.

use std::any::Any;
use std::sync::Arc;

use accounts::pds::PdsSession;
use atproto::Did;
use scripts::RecordContext;

/// Who calls a query or a procedure that is a script.
pub(crate) struct Acting {
    /// The script's trigger.
    pub(crate) trigger: String,
    /// The repository that the script may write to; only in procedures.
    pub(crate) session: Option<PdsSession>,
    /// Whose records are meant where the script does not say.
    pub(crate) repo: Option<Did>,
}

/// The trigger of the script that this is the context of.
pub(super) fn trigger(context: &Arc<dyn Any + Send + Sync>) -> &str {
    if let Some(acting) = context.downcast_ref::<Acting>() {
        return &acting.trigger;
    }
    context.downcast_ref::<RecordContext>().map_or("", |context| &context.trigger)
}

/// Whether what the script does is to have no effects.
pub(super) fn is_dry(context: &Arc<dyn Any + Send + Sync>) -> bool {
    context.downcast_ref::<RecordContext>().is_some_and(|context| context.is_dry)
}

/// The session that the script may write with.
pub(super) fn session(context: &Arc<dyn Any + Send + Sync>) -> Option<&PdsSession> {
    context.downcast_ref::<Acting>()?.session.as_ref()
}

/// Whose records are meant where the script does not say.
pub(super) fn repo(context: &Arc<dyn Any + Send + Sync>) -> Option<&Did> {
    context.downcast_ref::<Acting>()?.repo.as_ref()
}

/// The event that the script runs for, and may run for again.
pub(super) fn event(context: &Arc<dyn Any + Send + Sync>) -> Option<&str> {
    context.downcast_ref::<RecordContext>().map(|context| context.event_id.as_str())
}
