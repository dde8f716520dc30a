//! A simulated AT Protocol network with an oracle: directories, repository hosts and a stream, all in this process.
//!
//! [`Sim`] is a PLC directory, a server of names, any number of repository hosts (each a `127.0.0.1:port` of its own), a relay's
//! directory of collections, and [any number of streams](Outlet) of both kinds. Accounts have real keys, repositories real trees and signatures; both follow from the
//! [`Plan`] and its seed. Hosts can be slow, dead, limiting or lying, and change while they run. What an honest index must
//! hold is known independently of what the servers say: [`Sim::expected`].
//!
//! The network has threads of its own: it goes on while the test is busy, and methods that change it return when it is
//! changed.

#![expect(
    clippy::expect_used,
    reason = "what cannot be simulated fails the test, as everything in this crate does"
)]

mod account;
mod behaviour;
mod chance;
mod clock;
mod content;
mod expected;
mod key;
mod lie;
mod live;
mod load;
mod mixed;
mod oracle;
mod pds;
mod place;
mod plan;
mod plc;
mod query;
mod relay;
mod reply;
mod repository;
mod requests;
mod server;
mod servers;
mod standing;
mod stream;
mod world;

pub use behaviour::{Behaviour, RateLimit};
pub use expected::{Difference, Expected};
pub use lie::Lie;
pub use live::Write;
pub use load::{Load, LoadCounts, RunningLoad};
pub use place::Place;
pub use plan::{AccountPlan, HostPlan, Move, Plan};
pub use requests::Requests;
pub use standing::Standing;
pub use stream::{Faults, Outlet};

use std::net::SocketAddr;
use std::sync::Arc;

use atproto::Did;
use tokio::runtime::{Builder, Handle, Runtime};
use url::Url;

use crate::DnsServer;
use crate::labeler::Labeler;
use account::Account;
use servers::Servers;
use world::World;

/// Threads of a network: making a large repository keeps one busy for a moment.
const THREADS: usize = 3;

/// A running network; gone when dropped.
pub struct Sim {
    world: Arc<World>,
    servers: Arc<Servers>,
    dns: DnsServer,
    /// `None` only while it is being dropped.
    runtime: Option<Runtime>,
}

impl Sim {
    /// Starts a network. Repositories are made when they are first needed.
    pub async fn start(plan: Plan) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name("sim")
            .enable_all()
            .build()
            .expect("threads");
        let servers = Servers::start(&plan, runtime.handle());
        let dns = runtime.spawn(DnsServer::start()).await.expect("a server of names");
        for account in &servers.world.accounts {
            let name = format!("_atproto.{}", account.state().handle);
            dns.txt(&name, &[&format!("did={}", account.did)]);
        }
        Self { world: Arc::clone(&servers.world), servers, dns, runtime: Some(runtime) }
    }

    /// The directory of identities, `http://127.0.0.1:PORT/`.
    #[must_use]
    pub fn plc(&self) -> Url {
        self.servers.url(Place::Plc)
    }

    /// A new labeler, known to the directory. It lives as long as the runtime that this is called in.
    pub async fn labeler(&self, name: &str) -> Labeler {
        let world = Arc::clone(&self.world);
        let register = move |did: &str, document| {
            world.guests.lock().expect("nobody panicked").insert(did.to_owned(), document);
        };
        Labeler::start(name, register).await
    }

    /// The relay, for `listReposByCollection`.
    #[must_use]
    pub fn relay(&self) -> Url {
        self.servers.url(Place::Relay)
    }

    /// The stream, `ws://127.0.0.1:PORT/`, without the path `/subscribe`.
    #[must_use]
    pub fn jetstream(&self) -> Url {
        self.outlet(Outlet::Jetstream(0))
    }

    /// One of the servers that stream what happens, without the path of its method.
    #[must_use]
    pub fn outlet(&self, outlet: Outlet) -> Url {
        self.servers.outlet(outlet, self.runtime())
    }

    /// The server of names, which knows all handles.
    #[must_use]
    pub fn dns(&self) -> SocketAddr {
        self.dns.address
    }

    /// The repository host of this number.
    #[must_use]
    pub fn host(&self, host: usize) -> Url {
        self.servers.url(Place::Host(host))
    }

    /// All accounts, host by host in the order of the plan.
    #[must_use]
    pub fn accounts(&self) -> Vec<Did> {
        self.world.accounts.iter().map(|account| account.did.clone()).collect()
    }

    /// The host an account is at now.
    #[must_use]
    pub fn host_of(&self, did: &Did) -> usize {
        self.account(did).state().host
    }

    /// What an account is now.
    #[must_use]
    pub fn standing(&self, did: &Did) -> Standing {
        self.account(did).state().standing
    }

    /// How a server behaves now.
    #[must_use]
    pub fn behaviour(&self, place: impl Into<Place>) -> Behaviour {
        self.servers.at(place.into()).behaviour()
    }

    /// Changes how a server behaves from now on. Requests under way end as they began, except that a dead server cuts them.
    pub fn behave(&self, place: impl Into<Place>, behaviour: Behaviour) {
        self.servers.behave(place.into(), behaviour, self.runtime());
    }

    /// The requests that were made since the start or since [`forget_requests`](Self::forget_requests).
    #[must_use]
    pub fn requests(&self) -> Requests {
        self.servers.requests()
    }

    /// Counts from 0 again.
    pub fn forget_requests(&self) {
        self.servers.forget_requests();
    }

    fn account(&self, did: &Did) -> &Account {
        self.world.account(did.as_str()).unwrap_or_else(|| panic!("there is no account {did}"))
    }

    fn runtime(&self) -> &Handle {
        self.runtime.as_ref().expect("not being dropped").handle()
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.servers.close();
        if let Some(runtime) = self.runtime.take() {
            // Tests drop networks where blocking is not allowed.
            runtime.shutdown_background();
        }
    }
}
