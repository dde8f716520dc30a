//! Who answers which calls, among the sockets of one account.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::Listener;

/// Methods that one account may have at once, on all of its sockets here.
const MAX_METHODS: usize = 10_000;

/// A socket that answers calls of one method.
pub(crate) struct Callee {
    pub(crate) listener: Arc<Listener>,
    /// Cancelled when it does not any more.
    pub(crate) ended: CancellationToken,
}

/// The methods and their sockets.
#[derive(Default)]
pub(crate) struct Callees {
    methods: Mutex<HashMap<String, Vec<Arc<Callee>>>>,
    /// Wakes whoever waits for a method.
    registered: Notify,
}

impl Callees {
    /// From now on the socket answers calls of the method. `false`: there are too many.
    pub(crate) fn add(&self, method: &str, listener: &Arc<Listener>) -> bool {
        {
            let mut methods = self.methods();
            if methods.len() >= MAX_METHODS && !methods.contains_key(method) {
                return false;
            }
            let callees = methods.entry(method.to_owned()).or_default();
            // One that says it again becomes the newest, and goes on with what it was asked.
            let before = callees.iter().position(|callee| callee.listener.id == listener.id);
            let callee = before.map(|at| callees.remove(at));
            let ended = listener.gone.child_token();
            callees.push(callee.unwrap_or_else(|| Arc::new(Callee { listener: listener.clone(), ended })));
        }
        self.registered.notify_waiters();
        true
    }

    /// The socket does not answer calls of the method any more.
    pub(crate) fn remove(&self, method: &str, id: &str) {
        let mut methods = self.methods();
        if let Some(callees) = methods.get_mut(method) {
            retain_others(callees, id);
            if callees.is_empty() {
                methods.remove(method);
            }
        }
    }

    /// The socket answers no calls any more.
    pub(crate) fn remove_all(&self, id: &str) {
        self.methods().retain(|_, callees| {
            retain_others(callees, id);
            !callees.is_empty()
        });
    }

    /// The newest socket that answers calls of the method and is there.
    pub(crate) fn find(&self, method: &str) -> Option<Arc<Callee>> {
        let methods = self.methods();
        methods.get(method)?.iter().rev().find(|callee| !callee.ended.is_cancelled()).cloned()
    }

    /// The newest socket that answers calls of the method, as soon as there is one.
    pub(crate) async fn appearance(&self, method: &str) -> Arc<Callee> {
        loop {
            let registration = self.registered.notified();
            tokio::pin!(registration);
            // Before looking, or what is registered in between would not wake us.
            registration.as_mut().enable();
            if let Some(callee) = self.find(method) {
                return callee;
            }
            registration.await;
        }
    }

    fn methods(&self) -> MutexGuard<'_, HashMap<String, Vec<Arc<Callee>>>> {
        // No code under the lock panics half-way through a change.
        self.methods.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends what the socket of this id answers.
fn retain_others(callees: &mut Vec<Arc<Callee>>, id: &str) {
    callees.retain(|callee| {
        let is_other = *callee.listener.id != *id;
        if !is_other {
            callee.ended.cancel();
        }
        is_other
    });
}
