//! For whom a script acts.

use std::any::Any;
use std::sync::Arc;

use accounts::pds::PdsSession;
use scripts::RecordContext;

/// Who calls a query or a procedure that is a script.
pub(crate) struct Acting {
    /// The script's trigger.
    pub(crate) trigger: String,
    /// The repository that the script may write to; only in procedures.
    pub(crate) session: Option<PdsSession>,
}

/// A script is tried: it may look and change nothing.
pub(crate) struct Trying {
    /// The script's trigger.
    pub(crate) trigger: String,
}

/// The trigger of the script that this is the context of.
pub(super) fn trigger(context: &Arc<dyn Any + Send + Sync>) -> &str {
    if let Some(acting) = context.downcast_ref::<Acting>() {
        return &acting.trigger;
    }
    if let Some(trying) = context.downcast_ref::<Trying>() {
        return &trying.trigger;
    }
    context.downcast_ref::<RecordContext>().map_or("", |context| &context.trigger)
}

/// Whether what the script does is to have no effects.
pub(super) fn is_dry(context: &Arc<dyn Any + Send + Sync>) -> bool {
    context.is::<Trying>()
}

/// The session that the script may write with.
pub(super) fn session(context: &Arc<dyn Any + Send + Sync>) -> Option<&PdsSession> {
    context.downcast_ref::<Acting>()?.session.as_ref()
}
