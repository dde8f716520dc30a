//! How far a run reaches: as whom, from where in a chain of calls, and with which bytes.

use super::Chain;
use super::blobs::Blobs;
use crate::xrpc::Party;

/// What one run has with the host; gone with it.
pub(crate) struct Reach {
    /// Whom it acts for; nobody, unless somebody called.
    pub(crate) party: Party,
    pub(crate) chain: Chain,
    pub(crate) blobs: Blobs,
}

impl Reach {
    /// Of a script that somebody called.
    pub(crate) fn of(party: Party, chain: Chain) -> Self {
        Self { party, chain, blobs: Blobs::default() }
    }

    /// Of a script that something happened to.
    pub(crate) fn of_event() -> Self {
        Self::of(Party::nobody(), Chain::of_event(false))
    }

    /// Of a script that is tried: what it does has no effects.
    pub(crate) fn of_trial() -> Self {
        Self::of(Party::nobody(), Chain::of_event(true))
    }
}
