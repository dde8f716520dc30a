//! One server: its port, how it behaves, what it was asked.

mod body;
mod conduct;
mod connection;
mod door;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, Weak};

use tokio::runtime::Handle;

use self::conduct::Conduct;
pub(super) use self::door::Door;
use super::requests::Counter;
use super::world::World;
use super::{Behaviour, Place, Requests};

/// A server of the network.
pub(super) struct Server {
    place: Place,
    address: SocketAddr,
    door: Mutex<Door>,
    conduct: Conduct,
    counter: Counter,
}

impl Server {
    /// Takes a port, without listening.
    pub(super) fn new(place: Place, seed: u64) -> Arc<Self> {
        let (door, address) = Door::closed();
        Arc::new(Self {
            place,
            address,
            door: Mutex::new(door),
            conduct: Conduct::new(place, seed),
            counter: Counter::default(),
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn behaviour(&self) -> Behaviour {
        self.conduct.behaviour()
    }

    /// Behaves like this from now on; listens or stops listening.
    pub(super) fn behave(self: &Arc<Self>, behaviour: Behaviour, world: Weak<World>, runtime: &Handle) {
        let mut door = self.door.lock().expect("no panic while it was held");
        let dead = behaviour == Behaviour::Dead;
        self.conduct.change(behaviour);
        if dead {
            door.close(self.address);
        } else {
            let server = Arc::clone(self);
            door.open(runtime, move |listener, closed| connection::accept(listener, closed, server, world));
        }
    }

    /// Stops listening, for good.
    pub(super) fn close(&self) {
        self.door.lock().expect("no panic while it was held").cut();
    }

    pub(super) fn count_into(&self, requests: &mut Requests) {
        self.counter.count_into(self.place, requests);
    }

    pub(super) fn forget_requests(&self) {
        self.counter.forget();
    }
}
