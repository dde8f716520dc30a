//! Who pays for a question.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Budget;
use crate::shared::Shared;
use crate::telemetry::{self, UnderWay};

/// The purses of everybody, and the places for questions under way.
pub(crate) struct Purses {
    shared: Shared,
    budget: Arc<dyn Fn() -> Budget + Send + Sync>,
    places: Arc<Semaphore>,
}

/// Leave to ask, until it is dropped.
pub(crate) struct Leave {
    _place: OwnedSemaphorePermit,
    _counted: UnderWay,
}

impl Purses {
    pub(crate) fn new(shared: Shared, budget: Arc<dyn Fn() -> Budget + Send + Sync>, at_once: usize) -> Self {
        Self { shared, budget, places: Arc::new(Semaphore::new(at_once)) }
    }

    /// Takes the price of a question out of the asker's own purse; whether it was there.
    pub(crate) async fn pay(&self, asker: &str, cost: u32) -> bool {
        let per_asker = (self.budget)().per_asker;
        let paid = self.shared.spend(&format!("read:purse:{per_asker}:{asker}"), per_asker, cost).await;
        if !paid {
            telemetry::refused("asker");
        }
        paid || faults::mutant!("readthrough-purse-without-bottom")
    }

    /// Takes a place, and the price out of the purse of all; `None` if either is not there.
    pub(crate) async fn leave(&self, cost: u32) -> Option<Leave> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            telemetry::refused("at_once");
            return None;
        };
        let total = (self.budget)().total;
        if !self.shared.spend(&format!("read:purse:{total}"), total, cost).await {
            telemetry::refused("total");
            return None;
        }
        Some(Leave { _place: place, _counted: UnderWay::new() })
    }
}
