//! The parts of it, put together for one server.

use std::sync::Arc;
use std::time::Duration;

use accounts::Vault;
use accounts::pds::SignIn;
use aws_lc_rs::hmac;
use cache::Cache;
use identity::Resolver;
use outbound::Outbound;
use server::Task;
use store::Database;

use super::credentials::{Credentials, CredentialsParts};
use super::devices::Devices;
use super::flow::Flow;
use super::{Error, LocalAccounts, PdsPasswords, Policy, Tokens};
use crate::Owners;

/// What a server gives it to work with.
pub struct AuthParts {
    /// The durable database, opened with [`SCHEMAS`](crate::SCHEMAS).
    pub state: Database,
    /// What instances share for a while.
    pub cache: Cache,
    /// The way to PDSes.
    pub outbound: Outbound,
    /// Who is behind a handle.
    pub resolver: Resolver,
    /// Seals the key of tokens, and sessions with PDSes.
    pub vault: Vault,
    /// Who may do what.
    pub policy: Arc<dyn Policy>,
    /// The accounts of this server, if it has any.
    pub local: Option<Arc<dyn LocalAccounts>>,
    /// Where people with an account elsewhere sign in before they approve a device.
    pub sign_in: Option<SignIn>,
    /// What the operator configured.
    pub config: AuthConfig,
}

/// What the operator configured.
#[derive(Clone, Debug)]
pub struct AuthConfig {
    /// Where the outside reaches this server, with the path in front of all others if there is one; no slash at its end.
    pub base_url: String,
    /// The name of the registry in tokens and challenges: its host name.
    pub service: String,
    /// How long tokens last: at least a minute, or clients do not use them twice.
    pub token_life: Duration,
}

impl AuthConfig {
    /// Where tokens are to be had: the realm of challenges.
    #[must_use]
    pub fn realm(&self) -> String {
        format!("{}/auth/token", self.base_url)
    }
}

/// Who somebody is to the registry, and what they may do. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    shared: Arc<Shared>,
}

struct Shared {
    tokens: Tokens,
    credentials: Credentials,
    flow: Flow,
    owners: Owners,
    policy: Arc<dyn Policy>,
    sign_in: Option<SignIn>,
    config: AuthConfig,
}

impl Auth {
    /// Reads the key of tokens, or makes it, and the devices that were revoked lately.
    pub async fn open(parts: AuthParts) -> Result<Self, Error> {
        let AuthParts { state, cache, outbound, resolver, vault, policy, local, sign_in, config } = parts;
        let life = config.token_life.max(Duration::from_mins(1));
        let tokens = Tokens::open(&state, &vault, &config.service, life).await?;
        let credentials = Credentials::new(CredentialsParts {
            devices: Devices::new(state, tokens.revoked().clone()),
            passwords: PdsPasswords::new(cache.clone(), outbound, vault),
            local,
            resolver: resolver.clone(),
            cache: cache.clone(),
            key: tokens.key().derived("remembered logins"),
        });
        let (flow, owners) = (Flow { cache }, Owners::new(resolver));
        let shared = Shared { tokens, credentials, flow, owners, policy, sign_in, config };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// What has to run as long as the server does.
    #[must_use]
    pub fn task(&self) -> Task {
        let tokens = self.shared.tokens.clone();
        Task::new("registry-devices", move |stop| tokens.run(stop))
    }

    /// What tokens say.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.shared.tokens
    }

    /// The sessions that app passwords began: what their owners push is written with them.
    #[must_use]
    pub fn passwords(&self) -> &PdsPasswords {
        &self.shared.credentials.passwords
    }

    /// A secret for another purpose that all instances have, and nobody else.
    #[must_use]
    pub(crate) fn derived(&self, purpose: &str) -> hmac::Key {
        self.shared.tokens.key().derived(purpose)
    }

    /// What was configured.
    #[must_use]
    pub fn config(&self) -> &AuthConfig {
        &self.shared.config
    }

    pub(super) fn credentials(&self) -> &Credentials {
        &self.shared.credentials
    }

    pub(super) fn flow(&self) -> &Flow {
        &self.shared.flow
    }

    pub(super) fn owners(&self) -> &Owners {
        &self.shared.owners
    }

    pub(super) fn policy(&self) -> &dyn Policy {
        &*self.shared.policy
    }

    pub(super) fn sign_in(&self) -> Option<&SignIn> {
        self.shared.sign_in.as_ref()
    }
}
