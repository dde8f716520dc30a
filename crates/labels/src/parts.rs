//! What hearing labelers is built on.

use std::sync::Arc;
use std::time::Duration;

use identity::Resolver;
use outbound::Outbound;
use records::Records;

use crate::{LabelHook, Labelers};

/// What [`Subscriptions`](crate::Subscriptions) and [`Fetch`](crate::Fetch) work with.
#[derive(Clone)]
pub struct LabelsParts {
    /// Whom to listen to.
    pub labelers: Labelers,
    /// Of the same store; hands out the leases.
    pub records: Records,
    /// The way to the labelers.
    pub outbound: Outbound,
    /// Knows where they are and with what they sign.
    pub resolver: Resolver,
    /// Asked about every label, in this order.
    pub hooks: Vec<Arc<dyn LabelHook>>,
    /// How patiently.
    pub config: LabelsConfig,
}

/// Settings of subscriptions.
#[derive(Clone, Debug)]
pub struct LabelsConfig {
    /// Names this instance in the leases; the same name takes over its own leases at once after a crash.
    pub instance: String,
    /// Waits between two attempts to connect: the first one, doubled up to the second.
    pub back_off: (Duration, Duration),
    /// How long after a signature that does not fit the key is looked for once more before labels are refused: longer than
    /// the resolver takes a document for current whatever is suspected of it, and a directory for its news.
    pub second_look: Duration,
}

impl LabelsConfig {
    /// With the waits of spec/appview.md §8.1.
    #[must_use]
    pub fn new(instance: String) -> Self {
        Self {
            instance,
            back_off: (Duration::from_secs(2), Duration::from_mins(5)),
            second_look: Duration::from_secs(8),
        }
    }
}
