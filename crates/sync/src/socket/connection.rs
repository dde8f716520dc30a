//! A socket of somebody, with everything it needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::dispatch::DISCONNECT;
use super::queue::Queue;
use crate::client::SocketMeters;
use crate::live::{Feed, Listener};
use crate::rpc::UnderWay;
use crate::services::Services;
use crate::updates::Scope;

/// Lives as long as its socket, or as the last thing its client said is being done.
pub(super) struct Connection {
    pub(super) services: Services,
    pub(super) account: Arc<str>,
    pub(super) feed: Arc<Feed>,
    pub(super) listener: Arc<Listener>,
    /// Counts what it does.
    pub(super) meters: Arc<SocketMeters>,
    /// Its calls.
    pub(super) calls: UnderWay,
    /// What its client said and is still to be done.
    pub(super) queue: Queue,
    ended: AtomicBool,
}

impl Connection {
    pub(super) fn new(
        services: Services,
        account: Arc<str>,
        feed: Arc<Feed>,
        listener: Arc<Listener>,
        meters: Arc<SocketMeters>,
    ) -> Self {
        let (queue, ended) = (Queue::default(), AtomicBool::new(false));
        Self { services, account, feed, listener, meters, calls: UnderWay::default(), queue, ended }
    }

    /// Begins to tell it everything after number `after`.
    pub(super) fn begin(&self, after: i64) {
        self.listener.begun.cancel();
        self.meters.sockets(&self.listener.scope).increment(1.0);
        self.feed.join(self.listener.clone(), after);
        if self.listener.is_watched() {
            self.say_watched();
        }
        if let Scope::Machine(machine) = &self.listener.scope {
            self.services.presence.machine_connected(&self.account, machine);
        }
        // Whoever left while joining has been here all the same.
        if !self.listener.socket.connected() {
            self.end();
        }
    }

    /// Somebody has begun or ceased to look at an app.
    pub(super) fn say_watched(&self) {
        self.services.relay.say_watched(&self.services.cache, &self.account);
    }

    /// The socket is gone. What its client said before is still done.
    pub(super) fn end(&self) {
        if self.ended.swap(true, Ordering::AcqRel) {
            return;
        }
        self.meters.sockets(&self.listener.scope).decrement(1.0);
        self.meters.event(DISCONNECT);
        self.listener.gone.cancel();
        self.feed.leave(&self.listener.id);
        if self.listener.is_watched() {
            self.say_watched();
        }
        if let Scope::Machine(machine) = &self.listener.scope {
            self.services.presence.machine_disconnected(&self.account, machine);
        }
    }
}
