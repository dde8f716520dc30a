//! All servers of a network.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::runtime::Handle;
use url::Url;

use super::server::{Door, Server};
use super::world::World;
use super::{Behaviour, Outlet, Place, Plan, Requests, stream};

/// The network without its threads.
pub(super) struct Servers {
    pub(super) world: Arc<World>,
    plc: Arc<Server>,
    relay: Arc<Server>,
    hosts: Vec<Arc<Server>>,
    /// Those that anybody has asked for.
    outlets: Mutex<BTreeMap<Outlet, (Door, SocketAddr)>>,
}

impl Servers {
    pub(super) fn start(plan: &Plan, runtime: &Handle) -> Arc<Self> {
        let _in_runtime = runtime.enter();
        let new = |place| Server::new(place, plan.seed);
        let hosts: Vec<_> = (0..plan.hosts.len()).map(|host| new(Place::Host(host))).collect();
        let origins = hosts.iter().map(|host| format!("http://{}", host.address())).collect();
        let servers = Self {
            world: Arc::new(World::new(plan, origins)),
            plc: new(Place::Plc),
            relay: new(Place::Relay),
            hosts,
            outlets: Mutex::default(),
        };
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

    /// Where a stream is; it is there from now on.
    pub(super) fn outlet(&self, outlet: Outlet, runtime: &Handle) -> Url {
        let mut outlets = self.outlets.lock().expect("no panic while it was held");
        let (_, address) = outlets.entry(outlet).or_insert_with(|| {
            let _in_runtime = runtime.enter();
            let (mut door, address) = Door::closed();
            let world = Arc::downgrade(&self.world);
            door.open(runtime, move |listener, closed| stream::accept(listener, closed, world, outlet));
            (door, address)
        });
        Url::parse(&format!("ws://{address}")).expect("a URL")
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
        let mut outlets = self.outlets.lock().expect("no panic while it was held");
        for (door, _) in outlets.values_mut() {
            door.cut();
        }
    }

    fn all(&self) -> impl Iterator<Item = &Arc<Server>> {
        [&self.plc, &self.relay].into_iter().chain(&self.hosts)
    }
}
