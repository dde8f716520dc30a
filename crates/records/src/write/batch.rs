//! What one transaction applies.

use std::sync::Arc;

use crate::event::Event;
use crate::ingest::Advance;
use crate::{LeaseGuard, Projection};

/// Events in the order of their source, and how far they bring it.
pub(crate) struct Batch {
    pub(crate) events: Vec<Event>,
    /// What the stream's instance must still hold; `None` for writes that come from no stream.
    pub(crate) guard: Option<LeaseGuard>,
    /// `None` too for a part of what was read at once, except the last.
    pub(crate) advance: Option<Advance>,
    pub(crate) projections: Arc<[Arc<dyn Projection>]>,
}
