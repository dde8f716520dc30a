//! What every part is given.

use std::ops::Deref;
use std::sync::Arc;

use cache::Cache;
use http::{HeaderValue, StatusCode, header};
use server::Problem;
use social::{Live, Told};
use store::Database;

use crate::Error;
use crate::actors::Actors;
use crate::config::FederationConfig;
use crate::delivery::Bell;
use crate::keys::Keys;
use crate::names::Names;
use crate::routes::Documents;

/// Activities that one host may send at once, and for how many seconds of rest it may send one more.
const ADMITTED: u32 = 300;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Services(Arc<Shared>);

/// The parts of [`Services`].
pub(crate) struct Shared {
    pub(crate) state: Database,
    pub(crate) live: Live,
    pub(crate) cache: Cache,
    pub(crate) names: Names,
    pub(crate) config: FederationConfig,
    pub(crate) open_registrations: bool,
    pub(crate) actors: Actors,
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

    /// Refuses a host that sends more than one server should (spec/social.md §3.6).
    pub(crate) async fn admit(&self, host: &str) -> Result<(), Problem> {
        let rate = self.config.inbox_per_minute;
        if rate == 0 {
            return Ok(());
        }
        let key = format!("social:inbox:{host}");
        let bucket = self.cache.token_bucket(&key, rate.max(ADMITTED), f64::from(rate) / 60.0, 1).await;
        // Without the cache nobody is counted, and nobody is refused.
        let Ok(decision) = bucket else { return Ok(()) };
        if decision.allowed {
            return Ok(());
        }
        let seconds = decision.retry_after.unwrap_or_default().as_secs().max(1);
        let problem = Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "This server has sent too much. Send it again later.",
        );
        Err(problem.with_header(header::RETRY_AFTER, HeaderValue::from(seconds)))
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
