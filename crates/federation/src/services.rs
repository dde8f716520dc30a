//! What every part is given.

use std::ops::Deref;
use std::sync::Arc;

use social::{Live, Told};
use store::Database;

use crate::Error;
use crate::actors::Actors;
use crate::bounds::Bounds;
use crate::config::FederationConfig;
use crate::delivery::Bell;
use crate::domains::Gate;
use crate::keys::Keys;
use crate::names::Names;
use crate::routes::Documents;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Services(Arc<Shared>);

/// The parts of [`Services`].
pub(crate) struct Shared {
    pub(crate) state: Database,
    pub(crate) live: Live,
    pub(crate) names: Names,
    pub(crate) config: FederationConfig,
    pub(crate) open_registrations: bool,
    /// What this server is called, and what is said about it.
    pub(crate) title: String,
    pub(crate) description: String,
    /// Whom it speaks with.
    pub(crate) gate: Gate,
    pub(crate) actors: Actors,
    /// What whoever asks may make this server do.
    pub(crate) bounds: Arc<Bounds>,
    pub(crate) keys: Keys,
    /// What is shown often, as bytes.
    pub(crate) documents: Documents,
    /// Rings when there is something to send.
    pub(crate) deliveries: Bell,
    /// Rings when something happened here.
    pub(crate) events: Bell,
}

impl Services {
    pub(crate) fn new(parts: Shared) -> Self {
        Self(Arc::new(parts))
    }

    /// Tells lookers-on what has just become true.
    pub(crate) async fn tell(&self, told: Vec<Told>) {
        for told in told {
            self.live.tell(&told).await;
        }
    }

    /// Reads with an error of this crate.
    pub(crate) async fn read<T, F>(&self, f: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut store::Conn<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.state.read(f).await
    }
}

impl Deref for Services {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
