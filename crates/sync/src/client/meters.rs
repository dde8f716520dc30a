//! What is counted of sockets, for each kind of program.

use std::collections::HashMap;

use metrics::{Counter, Gauge, counter, gauge};

use crate::telemetry::{EVENTS, SOCKETS};
use crate::updates::Scope;

/// Handles that a socket gets when it comes, so that an event only adds to a counter.
pub(crate) struct SocketMeters {
    user: Gauge,
    session: Gauge,
    machine: Gauge,
    events: HashMap<&'static str, Counter>,
}

impl SocketMeters {
    /// With the labels of a kind of program.
    pub(super) fn new(client: &[(&'static str, String)]) -> Self {
        let with = |name: &'static str, value: &'static str| {
            let mut labels = client.to_vec();
            labels.push((name, value.to_owned()));
            labels
        };
        let sockets = |scope| gauge!(SOCKETS, &with("type", scope));
        let events = crate::socket::EVENT_NAMES.into_iter();
        Self {
            user: sockets("user-scoped"),
            session: sockets("session-scoped"),
            machine: sockets("machine-scoped"),
            events: events.map(|name| (name, counter!(EVENTS, &with("event_type", name)))).collect(),
        }
    }

    /// Connected sockets of this scope.
    pub(crate) fn sockets(&self, scope: &Scope) -> &Gauge {
        match scope {
            Scope::User => &self.user,
            Scope::Session(_) => &self.session,
            Scope::Machine(_) => &self.machine,
        }
    }

    /// One more event of this name.
    pub(crate) fn event(&self, name: &str) {
        if let Some(counter) = self.events.get(name) {
            counter.increment(1);
        }
    }
}
