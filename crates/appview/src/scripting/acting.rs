//! For whom a script acts.

use std::any::Any;
use std::sync::Arc;

use accounts::pds::PdsSession;
use lua::HostError;
use scripts::RecordContext;

use super::Reach;

/// Who calls a query or a procedure that is a script.
pub(crate) struct Acting {
    /// The script's trigger.
    pub(crate) trigger: String,
    /// The repository that the script may write to; only in procedures.
    pub(crate) session: Option<PdsSession>,
    pub(crate) reach: Reach,
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
    match context.downcast_ref::<Acting>() {
        Some(acting) => acting.reach.chain.is_dry(),
        None => context.downcast_ref::<RecordContext>().is_some_and(|context| context.is_dry),
    }
}

/// The session that the script may write with.
pub(super) fn session(context: &Arc<dyn Any + Send + Sync>) -> Option<&PdsSession> {
    context.downcast_ref::<Acting>()?.session.as_ref()
}

/// How far the run reaches.
pub(super) fn reach(context: &Arc<dyn Any + Send + Sync>) -> Result<&Reach, HostError> {
    let reach = match context.downcast_ref::<Acting>() {
        Some(acting) => Some(&acting.reach),
        None => context
            .downcast_ref::<RecordContext>()
            .and_then(|context| context.held.get_or_init(|| Reach::of_event(context.is_dry))),
    };
    reach.ok_or_else(|| HostError::new("this kind of script reaches nothing but the index"))
}
