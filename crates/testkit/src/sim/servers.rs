//! All servers of a network.

use std::sync::{Arc, Mutex};

use tokio::runtime::Handle;
use url::Url;

use super::server::{Door, Server};
use super::world::World;
use super::{Behaviour, Place, Plan, Requests, stream};

/// The network without its threads.
pub(super) struct Servers {
    pub(super) world: Arc<World>,
    plc: Arc<Server>,
    relay: Arc<Server>,
    hosts: Vec<Arc<Server>>,
    stream: Mutex<Door>,
    stream_url: Url,
}

impl Servers {
    pub(super) fn start(plan: &Plan, runtime: &Handle) -> Arc<Self> {
        let _in_runtime = runtime.enter();
        let new = |place| Server::new(place, plan.seed);
        let hosts: Vec<_> = (0..plan.hosts.len()).map(|host| new(Place::Host(host))).collect();
        let origins = hosts.iter().map(|host| format!("http://{}", host.address())).collect();
        let (mut stream, address) = Door::closed();
        let servers = Self {
            world: Arc::new(World::new(plan, origins)),
            plc: new(Place::Plc),
            relay: new(Place::Relay),
            hosts,
            stream_url: Url::parse(&format!("ws://{address}")).expect("a URL"),
            stream: Mutex::new(Door::Gone),
        };
        let world = Arc::downgrade(&servers.world);
        stream.open(runtime, move |listener, closed| stream::accept(listener, closed, world));
        *servers.stream.lock().expect("nobody else has it") = stream;
        servers.behave(Place::Plc, plan.plc.clone(), runtime);
        servers.behave(Place::Relay, plan.relay.clone(), runtime);
        for (number, host) in plan.hosts.iter().enumerate() {
            servers.behave(Place::Host(number), host.behaviour.clone(), runtime);
        }
        Arc::new(servers)
    }

    pub(super) fn at(&self, place: Place) -> &Arc<Server> {
        match place {
            Place::Plc => &self.plc,
            Place::Relay => &self.relay,
            Place::Host(host) => &self.hosts[host],
        }
    }

    pub(super) fn url(&self, place: Place) -> Url {
        Url::parse(&format!("http://{}", self.at(place).address())).expect("a URL")
    }

    pub(super) fn stream_url(&self) -> Url {
        self.stream_url.clone()
    }

    pub(super) fn behave(&self, place: Place, behaviour: Behaviour, runtime: &Handle) {
        self.at(place).behave(behaviour, Arc::downgrade(&self.world), runtime);
    }

    pub(super) fn requests(&self) -> Requests {
        let mut requests = Requests::default();
        for server in self.all() {
            server.count_into(&mut requests);
        }
        requests
    }

    pub(super) fn forget_requests(&self) {
        self.all().for_each(|server| server.forget_requests());
    }

    /// Nobody listens any more when this returns.
    pub(super) fn close(&self) {
        self.all().for_each(|server| server.close());
        self.stream.lock().expect("no panic while it was held").cut();
    }

    fn all(&self) -> impl Iterator<Item = &Arc<Server>> {
        [&self.plc, &self.relay].into_iter().chain(&self.hosts)
    }
}
