//! The domains that this server answers on (spec/appview.md §8.5).
//!
//! One is primary: that of the configured public URL, until an operator promotes another. They are asked for on every
//! request, so they are kept in memory; a change is in effect at once on the instance that made it, and within seconds on
//! others.

mod change;
mod domain;
mod import;
mod list;
mod loopback;
mod primary;
mod sites;
mod url;

use std::sync::Arc;

use ::url::Url;
use arc_swap::ArcSwap;
use events::EventLog;
use store::Database;
use tokio::sync::Mutex;

pub use self::url::is_loopback;
pub use domain::Domain;
pub use import::ImportedDomain;

use crate::Error;

/// The domains of this server. Cheap to clone; clones share what is in memory.
#[derive(Clone)]
pub struct Domains {
    state: Database,
    events: EventLog,
    /// Whether this server is for people on this machine only; then domains need no TLS.
    loopback: bool,
    known: Arc<ArcSwap<Vec<Domain>>>,
    /// Held while the rows are read and put into effect, so that nobody puts older ones over newer ones.
    reading: Arc<Mutex<()>>,
}

impl Domains {
    /// Reads the domains. The first time, and whenever it changed since, the origin of `public_url` becomes the primary one.
    pub async fn open(state: Database, events: EventLog, public_url: &Url) -> Result<Self, Error> {
        let origin = url::origin(public_url)?;
        let loopback = is_loopback(public_url);
        state.write(move |conn| primary::follow(conn, &origin)).await?;
        let domains = Self { state, events, loopback, known: Arc::default(), reading: Arc::default() };
        domains.refresh().await?;
        Ok(domains)
    }

    /// The origin that a server of this database was last configured with: for commands beside it, which must not change it.
    pub async fn configured(state: &Database) -> Result<Option<Url>, Error> {
        let found = state.read(primary::configured).await?;
        Ok(found.and_then(|origin| Url::parse(&origin).ok()))
    }

    /// Reads what other instances may have changed; [`Accounts::app`](crate::Accounts::app) does so every few seconds.
    pub async fn refresh(&self) -> Result<(), Error> {
        let _reading = self.reading.lock().await;
        let known = self.state.read(Domain::all).await?;
        self.known.store(Arc::new(known));
        Ok(())
    }
}
