//! `/admin/registry`: the hold of this server, for whoever runs it (spec/registry.md §4.7).
//!
//! What commands do about the crew and what is done here is the same: [`Crew`].

mod changes;
mod collections;
mod crew;
mod hold;
mod paging;
mod person;
mod routes;
mod usage;

use std::sync::Arc;

use events::EventLog;
use tokio::sync::mpsc::Sender;

use crate::collecting::{Collection, Collector};
use crate::registry::Registry;
pub use changes::{Crew, CrewError};
pub(crate) use routes::extension;

/// What its handlers have. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Operator(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) registry: Registry,
    pub(crate) events: EventLog,
    pub(crate) collector: Collector,
    /// To the task that collects.
    pub(crate) asked: Sender<Collection>,
}

impl Operator {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for Operator {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
