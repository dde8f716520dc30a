//! Everything this crate does, put together for one server.

use std::collections::HashMap;

use cache::Cache;
use events::EventLog;
use identity::Resolver;
use outbound::Outbound;
use store::Database;
use url::Url;

use crate::{
    Error,
    api_keys::ApiKeys,
    browser_sessions::BrowserSessions,
    clients::{Clients, ClientsParts, RateLimit},
    domains::Domains,
    limits::Limits,
    pds::{PdsParts, PdsSessions, SignIn, SignInParts},
    service::{Service, ServiceParts},
    settings::Settings,
    users::Users,
    vault::Vault,
};

/// What a server gives its accounts to work with.
#[derive(Clone)]
pub struct AccountsParts {
    /// The durable database, opened with [`SCHEMAS`](crate::SCHEMAS) and those of `events`.
    pub state: Database,
    /// What is short-lived, shared with other instances.
    pub cache: Cache,
    /// The way to other servers.
    pub outbound: Outbound,
    /// Who is behind a DID or a handle.
    pub resolver: Resolver,
    /// Where what happens is recorded.
    pub events: EventLog,
    /// Seals what must not be read from the database.
    pub vault: Vault,
    /// What the operator configured.
    pub config: AccountsConfig,
}

/// What the operator configured.
#[derive(Clone, Debug)]
pub struct AccountsConfig {
    /// The origin under which the outside reaches this server (`PUBLIC_URL`).
    pub public_url: Url,
    /// A path in front of all others, e.g. `/hv`; usually empty. It has no slash at its end.
    pub base_path: String,
    /// The PLC directory.
    pub plc_url: Url,
    /// The rate limit of callers who have none of their own.
    pub default_rate_limit: RateLimit,
    /// The values of [`environment_variables`](crate::settings::environment_variables) that are set.
    pub environment: HashMap<String, String>,
}

/// Who may do what on one server. Cheap to clone; clones share their caches.
///
/// It is the shell's [`Authenticator`](server::Authenticator). Each part can be made by itself, too: the command line
/// needs no more than [`Users`] and [`ApiKeys`].
#[derive(Clone)]
pub struct Accounts {
    /// Who may do something beyond what anybody may.
    pub users: Users,
    /// Credentials for scripts and tools.
    pub keys: ApiKeys,
    /// Who is signed in to the dashboard.
    pub browser_sessions: BrowserSessions,
    /// What operators change while the server runs.
    pub settings: Settings,
    /// Where the server answers.
    pub domains: Domains,
    /// Who the server is to other servers.
    pub service: Service,
    /// What it may do at the PDSes of its users.
    pub pds_sessions: PdsSessions,
    /// How people sign in on its pages.
    pub sign_in: SignIn,
    /// The apps that act for their users.
    pub clients: Clients,
    /// How often somebody may call.
    pub limits: Limits,
    pub(crate) events: EventLog,
    pub(crate) resolver: Resolver,
}

impl Accounts {
    /// Opens all parts. Fails, among other reasons, if the vault is not the one that the database was written with.
    pub async fn open(parts: AccountsParts) -> Result<Self, Error> {
        let AccountsParts { state, cache, outbound, resolver, events, vault, config } = parts;
        vault.confirm(&state).await?;
        let limited_in = cache.clone();
        let secure = config.public_url.scheme() == "https";
        let users = Users::new(state.clone(), events.clone());
        let browser_sessions = BrowserSessions::new(state.clone(), secure);
        let domains = Domains::open(state.clone(), events.clone(), &config.public_url).await?;
        let settings = Settings::open(state.clone(), events.clone(), config.environment).await?;
        let pds_sessions = PdsSessions::new(PdsParts {
            state: state.clone(),
            cache: cache.clone(),
            outbound: outbound.clone(),
            resolver: resolver.clone(),
            vault: vault.clone(),
        });
        let clients = Clients::new(ClientsParts {
            state: state.clone(),
            cache: cache.clone(),
            events: events.clone(),
            vault: vault.clone(),
            pds: pds_sessions.clone(),
            domains: domains.clone(),
            settings: settings.clone(),
            base_path: config.base_path.clone(),
            default_limit: config.default_rate_limit,
        });
        let service = Service::new(ServiceParts {
            state: state.clone(),
            cache: cache.clone(),
            vault: vault.clone(),
            resolver: resolver.clone(),
            outbound,
            plc_url: config.plc_url,
            events: events.clone(),
            domains: domains.clone(),
            users: users.clone(),
            browser_sessions: browser_sessions.clone(),
            pds_sessions: pds_sessions.clone(),
        });
        let sign_in = SignIn::new(SignInParts {
            state,
            cache,
            vault,
            sessions: pds_sessions.clone(),
            browser_sessions: browser_sessions.clone(),
            users: users.clone(),
            service: service.clone(),
            domains: domains.clone(),
            settings: settings.clone(),
            base_path: config.base_path,
        });
        Ok(Self {
            limits: Limits::new(clients.clone(), config.default_rate_limit, limited_in),
            keys: ApiKeys::new(&users),
            users,
            browser_sessions,
            settings,
            domains,
            service,
            pds_sessions,
            sign_in,
            clients,
            events,
            resolver,
        })
    }
}
