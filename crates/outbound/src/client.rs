//! The entry point: one value through which the whole server connects to others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderValue, Method};
use rustls::ClientConfig;
use serde::de::DeserializeOwned;
use url::Url;

use crate::config::OutboundConfig;
use crate::dns::Dns;
use crate::error::{Attempt, Error};
use crate::guard::Guard;
use crate::host::Host;
use crate::hosts::Hosts;
use crate::policy::{Policy, Transport};
use crate::request::RequestBuilder;
use crate::target::Target;
use crate::{telemetry, tls};

/// Every outgoing connection, behind one guard. Cheap to clone; clones share limits, back-off and connections.
#[derive(Clone)]
pub struct Outbound {
    pub(crate) shared: Arc<Shared>,
    pub(crate) policy: Arc<Policy>,
    /// Two clients, because a resolver is told the name but not the scheme, and plain HTTP has the stricter rule.
    tls_client: reqwest::Client,
    plain_client: reqwest::Client,
    /// For the hosts that the policy names. With connections of its own, so that nobody else finds one to a private address.
    named: Option<Arc<Outbound>>,
}

/// What does not depend on the policy.
pub(crate) struct Shared {
    pub(crate) config: OutboundConfig,
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) user_agent: HeaderValue,
    dns: Dns,
    hosts: Hosts,
}

impl Outbound {
    /// Prepares TLS, DNS and the HTTP clients; connects to nothing. Blocks while it reads the system's certificates.
    pub fn new(config: OutboundConfig) -> Result<Self, Error> {
        let dns = Dns::new(config.dns).map_err(|error| Error::Setup {
            what: "no usable DNS configuration, set a DNS server",
            source: error.into(),
        })?;
        let user_agent = HeaderValue::try_from(&config.user_agent).map_err(|error| Error::Setup {
            what: "the user agent is not a header value, use printable ASCII",
            source: error.into(),
        })?;
        let policy = config.policy.clone();
        let shared = Shared {
            tls: Arc::new(tls::client_config(&config.trusted_certificates)?),
            hosts: Hosts::new(config.max_hosts, config.per_host, config.back_off),
            user_agent,
            dns,
            config,
        };
        Self::with_parts(Arc::new(shared), policy)
    }

    /// The same limits and back-off under another policy: a server that must itself reach loopback in development
    /// still holds its users' URLs to [`Policy::public_only`].
    pub fn with_policy(&self, policy: Policy) -> Result<Self, Error> {
        Self::with_parts(Arc::clone(&self.shared), policy)
    }

    fn with_parts(shared: Arc<Shared>, policy: Policy) -> Result<Self, Error> {
        telemetry::describe();
        let policy = Arc::new(policy);
        let guard = |transport| Guard { policy: Arc::clone(&policy), dns: shared.dns.clone(), transport };
        let tls_client = http_client(&shared, guard(Transport::Tls))?;
        let plain_client = http_client(&shared, guard(Transport::Plain))?;
        let named = if policy.allow_hosts.is_empty() {
            None
        } else {
            Some(Arc::new(Self::with_parts(Arc::clone(&shared), Policy::anything())?))
        };
        Ok(Self { shared, policy, tls_client, plain_client, named })
    }

    /// What a request that began at `first` goes through on its way to `url`.
    pub(crate) fn through(&self, first: &Url, url: &Url) -> &Self {
        let is_named = || self.policy.allow_hosts.iter().any(|host| host.is_of(first) && host.is_of(url));
        self.named.as_deref().filter(|_| is_named()).unwrap_or(self)
    }

    /// What this client may contact.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Starts a GET request.
    pub fn get(&self, url: &Url) -> RequestBuilder<'_> {
        self.request(Method::GET, url)
    }

    /// Starts a request. GET and HEAD follow redirects unless told otherwise; other methods never do.
    pub fn request(&self, method: Method, url: &Url) -> RequestBuilder<'_> {
        RequestBuilder::new(self, method, url.clone())
    }

    /// Fetches JSON with the default limits; see [`RequestBuilder::json`].
    pub async fn get_json<T: DeserializeOwned>(&self, url: &Url) -> Result<T, Error> {
        self.get(url).json().await
    }

    /// The TXT records of a DNS name, the strings of each joined (RFC 1035 §3.3.14); empty if there are none.
    ///
    /// Answers are not cached here. The time allowed is that for connecting.
    pub async fn txt(&self, name: &str) -> Result<Vec<String>, Error> {
        let attempt = || Attempt { verb: "TXT".to_owned(), host: name.to_owned() };
        let limit = self.shared.config.connect_timeout;
        let result = match tokio::time::timeout(limit, Box::pin(self.shared.dns.txt(name))).await {
            Ok(answer) => answer.map_err(|error| Error::Dns { attempt: attempt(), source: error.into() }),
            Err(_) => Err(Error::Timeout { attempt: attempt(), limit }),
        };
        telemetry::looked_up(result.as_ref().err());
        result
    }

    pub(crate) fn client(&self, transport: Transport) -> &reqwest::Client {
        match transport {
            Transport::Tls => &self.tls_client,
            Transport::Plain => &self.plain_client,
        }
    }

    pub(crate) fn guard(&self, transport: Transport) -> Guard {
        Guard { policy: Arc::clone(&self.policy), dns: self.shared.dns.clone(), transport }
    }

    /// What is known of the target's host.
    pub(crate) fn host(&self, target: &Target, attempt: &Attempt) -> Result<Arc<Host>, Error> {
        let host = self.shared.hosts.get(&target.key(), Instant::now());
        host.ok_or_else(|| Error::Busy { attempt: attempt.clone() })
    }
}

fn http_client(shared: &Shared, guard: Guard) -> Result<reqwest::Client, Error> {
    let client = reqwest::Client::builder()
        .user_agent(shared.user_agent.clone())
        .tls_backend_preconfigured(tls::for_http(&shared.tls))
        .connect_timeout(shared.config.connect_timeout)
        // Redirects pass through the guard one by one, see `RequestBuilder::send`.
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // A proxy named by the environment would resolve names itself, past the guard.
        .no_proxy()
        .https_only(guard.transport == Transport::Tls)
        // A zstd frame may demand a 128 MiB window before its first byte of output; gzip and brotli need 32 KiB and
        // 16 MiB at most.
        .zstd(false)
        .dns_resolver(guard)
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(shared.config.per_host)
        .build();
    client.map_err(|error| Error::Setup { what: "the HTTP client", source: error.into() })
}
