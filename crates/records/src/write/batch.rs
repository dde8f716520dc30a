//! What one transaction applies.

use std::sync::Arc;

use crate::Projection;
use crate::event::Event;
use crate::ingest::Advance;

/// Events in the order of their source, and how far they bring it.
pub(crate) struct Batch {
    pub(crate) events: Vec<Event>,
    /// `None` for writes that come from no stream.
    pub(crate) advance: Option<Advance>,
    pub(crate) projections: Arc<[Arc<dyn Projection>]>,
}
