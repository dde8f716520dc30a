//! The entry point: one value through which repositories of others are read.

use std::sync::Arc;

use atproto::Did;
use identity::Resolver;
use outbound::Outbound;

use crate::budget::Budget;
use crate::client::Client;
use crate::{Home, RemoteConfig, RemoteError, telemetry};

/// Reads repositories of others. Cheap to clone; clones share what is known about hosts.
#[derive(Clone)]
pub struct Remote {
    shared: Arc<Shared>,
}

struct Shared {
    client: Client,
    resolver: Resolver,
    config: RemoteConfig,
    budget: Arc<Budget>,
}

impl Remote {
    /// Prepares; connects to nothing.
    #[must_use]
    pub fn new(outbound: Outbound, resolver: Resolver, config: RemoteConfig) -> Self {
        let client = Client::new(outbound, config.max_hosts, config.request_timeout);
        let budget = Budget::new(config.total_export_bytes, config.max_export_bytes);
        Self { shared: Arc::new(Shared { client, resolver, config, budget }) }
    }

    /// Where the repository lives.
    pub async fn locate(&self, did: &Did) -> Result<Home, RemoteError> {
        Home::of(&*self.shared.resolver.resolve_did(did).await?)
    }

    /// The same from a fresh DID document: what the host says does not fit what is known.
    pub async fn relocate(&self, did: &Did) -> Result<Home, RemoteError> {
        Home::of(&*self.shared.resolver.refresh(did).await?)
    }

    /// Where the repository lives now, if that is elsewhere or it has got another key. An error says that it lives nowhere.
    pub(crate) async fn moved(&self, home: &Home) -> Result<Option<Home>, RemoteError> {
        match self.relocate(&home.did).await {
            Ok(fresh) if fresh == *home => Ok(None),
            Ok(fresh) => Ok(Some(fresh)),
            Err(error) if error.kind() == crate::Kind::Unavailable => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks the repository's host, and if its answer suggests that the repository lives elsewhere by now, the host there.
    /// The host is handed over, not lent: a future that borrows what it is called with cannot be sent to another thread.
    pub(crate) async fn at_home<T, F>(&self, home: &Home, ask: impl Fn(Home) -> F) -> Result<T, RemoteError>
    where
        F: Future<Output = Result<T, RemoteError>>,
    {
        let answer = match ask(home.clone()).await {
            Err(error) if error.suggests_moving() => match self.moved(home).await? {
                Some(home) => ask(home).await,
                None => Err(error),
            },
            answer => answer,
        };
        if let Err(RemoteError::Untrusted { reason, .. }) = &answer {
            telemetry::untrusted(reason);
        }
        answer
    }

    pub(crate) fn client(&self) -> &Client {
        &self.shared.client
    }

    pub(crate) fn config(&self) -> &RemoteConfig {
        &self.shared.config
    }

    pub(crate) fn budget(&self) -> &Arc<Budget> {
        &self.shared.budget
    }
}
