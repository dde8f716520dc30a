//! Settings that operators change while the server runs (spec/appview.md §8.3).
//!
//! A value comes from the database, else from the environment, else it is the default. What is in effect is kept in
//! memory; a change is in effect at once on the instance that made it, and within seconds on others.

mod change;
mod current;
mod effective;
mod list;
mod logo;
mod proxy_pattern;
mod proxy_policy;
mod public_logo;
mod table;
mod takes;

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwap;
use events::EventLog;
use store::Database;
use tokio::sync::Mutex;

pub use current::CurrentSettings;
pub use list::{ListedSetting, Source};
pub use logo::Logo;
pub use proxy_pattern::ProxyPattern;
pub use proxy_policy::{ProxyMode, ProxyPolicy};
pub use table::{SETTINGS, SettingInfo, environment_variables};

use self::effective::Effective;
pub(crate) use self::{change::put, logo::MAX_LOGO_BYTES, table::SPACES_FLAG};
use crate::Error;

/// The settings of this server. Cheap to clone; clones share what is in effect.
#[derive(Clone)]
pub struct Settings {
    state: Database,
    events: EventLog,
    environment: Arc<HashMap<String, String>>,
    effective: Arc<ArcSwap<Effective>>,
    /// Held while the rows are read and put into effect, so that nobody puts older ones over newer ones.
    reading: Arc<Mutex<()>>,
}

impl Settings {
    /// Reads the settings. `environment` has the values of [`environment_variables`] that are set.
    pub async fn open(
        state: Database,
        events: EventLog,
        environment: HashMap<String, String>,
    ) -> Result<Self, Error> {
        let effective = Arc::new(ArcSwap::from_pointee(Effective::new(HashMap::new(), &environment)));
        let environment = Arc::new(environment);
        let settings = Self { state, events, environment, effective, reading: Arc::default() };
        settings.refresh().await?;
        Ok(settings)
    }

    /// What is in effect now. Costs next to nothing: ask again rather than keep it.
    #[must_use]
    pub fn current(&self) -> Arc<CurrentSettings> {
        Arc::clone(&self.effective.load().current)
    }

    /// Reads what other instances may have changed; [`Accounts::app`](crate::Accounts::app) does so every few seconds.
    pub async fn refresh(&self) -> Result<(), Error> {
        let _reading = self.reading.lock().await;
        let stored = self.state.read(effective::stored).await?;
        if stored != self.effective.load().stored {
            let effective = Effective::new(stored, &self.environment);
            self.effective.store(Arc::new(effective));
        }
        self.events.set_verbose(self.current().verbose_event_logging);
        Ok(())
    }
}
