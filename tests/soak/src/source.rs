//! Where the program's records come from.

use testkit::BelvedereOptions;
use testkit::sim::{Faults, Outlet, Sim};

/// Servers of one kind, in the order in which they are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source(pub(crate) Vec<Outlet>);

impl Source {
    /// One server.
    pub(crate) fn one(outlet: Outlet) -> Self {
        Self(vec![outlet])
    }

    /// Whether what they say is proven.
    pub(crate) fn is_proven(&self) -> bool {
        !matches!(self.0[0], Outlet::Jetstream(_))
    }

    /// The settings that name them.
    pub(crate) fn set(&self, options: BelvedereOptions, sim: &Sim) -> BelvedereOptions {
        let urls: Vec<String> = self.0.iter().map(|outlet| sim.outlet(*outlet).to_string()).collect();
        let name = if self.is_proven() { "FIREHOSE_URL" } else { "JETSTREAM_URL" };
        options.with(name, &urls.join(","))
    }

    /// Changes how all of them treat their subscribers.
    pub(crate) fn misbehave(&self, sim: &Sim, faults: &Faults) {
        self.0.iter().for_each(|outlet| sim.misbehave(*outlet, faults.clone()));
    }

    /// Whether somebody follows one of them.
    pub(crate) fn is_followed(&self, sim: &Sim) -> bool {
        self.0.iter().any(|outlet| sim.subscribers_of(*outlet) > 0)
    }
}
