//! The hosts we talk to, in a bounded map.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::config::BackOff;
use crate::host::Host;

/// One [`Host`] per `host:port`.
///
/// Hosts under way are never forgotten, so their limit holds whatever else is asked for; a cache that evicts by use
/// would not promise that.
pub(crate) struct Hosts {
    capacity: usize,
    per_host: usize,
    back_off: BackOff,
    map: Mutex<HashMap<String, Arc<Host>>>,
}

impl Hosts {
    pub(crate) fn new(capacity: usize, per_host: usize, back_off: BackOff) -> Self {
        Self { capacity, per_host, back_off, map: Mutex::default() }
    }

    /// The host with this key; `None` if it is unknown and every known host is in use.
    pub(crate) fn get(&self, key: &str, now: Instant) -> Option<Arc<Host>> {
        let mut map = self.map.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = map.get(key) {
            return Some(Arc::clone(host));
        }
        if map.len() >= self.capacity {
            map.retain(|_, host| in_use(host) || host.check(now).is_err());
        }
        if map.len() >= self.capacity {
            // Pauses of hosts that nobody is talking to are the next best thing to forget.
            map.retain(|_, host| in_use(host));
        }
        if map.len() >= self.capacity {
            return None;
        }
        let host = Arc::new(Host::new(self.per_host, self.back_off));
        map.insert(key.to_owned(), Arc::clone(&host));
        Some(host)
    }
}

/// Whether somebody besides the map holds the host. Exact while the map is locked: only the map hands out clones.
fn in_use(host: &Arc<Host>) -> bool {
    Arc::strong_count(host) > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_hosts_make_room_and_hosts_in_use_stay() {
        let hosts = Hosts::new(2, 1, BackOff::default());
        let now = Instant::now();
        let a = hosts.get("a:443", now).unwrap();
        hosts.get("b:443", now).unwrap().failed(now, None);
        let c = hosts.get("c:443", now).unwrap();
        assert!(hosts.get("d:443", now).is_none(), "both places are in use");
        assert!(Arc::ptr_eq(&a, &hosts.get("a:443", now).unwrap()));
        drop(c);
        assert!(hosts.get("d:443", now).is_some());
    }

    #[test]
    fn a_paused_host_outlives_an_idle_one() {
        let hosts = Hosts::new(2, 1, BackOff::default());
        let now = Instant::now();
        hosts.get("paused:443", now).unwrap().failed(now, None);
        hosts.get("idle:443", now).unwrap();
        hosts.get("new:443", now).unwrap();
        assert!(hosts.get("paused:443", now).unwrap().check(now).is_err());
    }
}
