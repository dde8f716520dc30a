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

    /// A socket of a machine has gone.
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
        self.tell_machine(account, id, false, clock::now_micros());
    }
}
