//! Decisions that are made before their event is offered: its script is not asked again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use records::Decision;

/// By the event's name, each for as long as somebody holds it. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Foregone(Arc<Mutex<HashMap<String, Decision>>>);

/// Takes the decision back when it goes.
pub(crate) struct Held<'f> {
    of: &'f Foregone,
    event_id: &'f str,
}

impl Foregone {
    /// From now on this is decided about the event.
    pub(crate) fn hold<'f>(&'f self, event_id: &'f str, decision: Decision) -> Held<'f> {
        self.decisions().insert(event_id.to_owned(), decision);
        Held { of: self, event_id }
    }

    /// What is decided about the event, if that is so already.
    pub(crate) fn of(&self, event_id: &str) -> Option<Decision> {
        self.decisions().get(event_id).cloned()
    }

    fn decisions(&self) -> MutexGuard<'_, HashMap<String, Decision>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.of.decisions().remove(self.event_id);
    }
}
