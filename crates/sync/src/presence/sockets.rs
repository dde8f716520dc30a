//! Machines come and go with their sockets: with the first and the last of them.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::{Kind, Presence, Subject, lock};

impl Presence {
    /// A socket of a machine has come.
    pub(crate) fn machine_connected(&self, account: &Arc<str>, id: &Arc<str>) {
        let subject = Subject { kind: Kind::Machine, account: account.clone(), id: id.clone() };
        *lock(&self.heard.machines).entry(subject).or_default() += 1;
        self.tell_machine(account, id, true, clock::now_micros());
    }

    /// A socket of a machine has gone. It is offline when that was the last one, on whichever instance.
    pub(crate) fn machine_disconnected(&self, account: &Arc<str>, id: &Arc<str>) {
        let subject = Subject { kind: Kind::Machine, account: account.clone(), id: id.clone() };
        {
            let mut machines = lock(&self.heard.machines);
            let Entry::Occupied(mut sockets) = machines.entry(subject) else { return };
            *sockets.get_mut() -= 1;
            if *sockets.get() > 0 {
                return;
            }
            sockets.remove();
        }
        let (presence, account, id) = (self.clone(), account.clone(), id.clone());
        let at = clock::now_micros();
        tokio::spawn(async move {
            let is_elsewhere = presence.relay.has_machine_elsewhere(&account, &id).await;
            // It may have come back while others were asked.
            if !is_elsewhere && !presence.has_machine(&account, &id) {
                presence.tell_machine(&account, &id, false, at);
            }
        });
    }

    /// Whether a socket of the machine is here.
    pub(crate) fn has_machine(&self, account: &str, id: &str) -> bool {
        let subject = Subject { kind: Kind::Machine, account: account.into(), id: id.into() };
        lock(&self.heard.machines).contains_key(&subject)
    }
}
