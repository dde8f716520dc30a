//! Everything the servers have in common.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use super::Plan;
use super::account::Account;
use super::relay::Directory;
use super::stream::Stream;

/// The state of the network behind its servers. Locks are taken in the order of the fields.
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) accounts: Vec<Account>,
    by_did: HashMap<String, usize>,
    directory: Mutex<Directory>,
    pub(super) stream: Stream,
    /// The origins of the hosts.
    origins: Vec<String>,
    /// Documents of those in the directory who have no repository, by DID.
    pub(super) guests: Mutex<HashMap<String, serde_json::Value>>,
}

impl World {
    pub(super) fn new(plan: &Plan, origins: Vec<String>) -> Self {
        let mut accounts: Vec<Account> = Vec::new();
        for (host, host_plan) in plan.hosts.iter().enumerate() {
            for account in &host_plan.accounts {
                accounts.push(Account::new(plan.seed, accounts.len(), host, account));
            }
        }
        let by_did = accounts.iter().map(|account| (account.did.to_string(), account.number)).collect();
        let directory = Mutex::new(Directory::new(plan.seed, &accounts));
        Self {
            seed: plan.seed,
            accounts,
            by_did,
            directory,
            stream: Stream::default(),
            origins,
            guests: Mutex::default(),
        }
    }

    pub(super) fn account(&self, did: &str) -> Option<&Account> {
        self.by_did.get(did).map(|number| &self.accounts[*number])
    }

    pub(super) fn directory(&self) -> MutexGuard<'_, Directory> {
        self.directory.lock().expect("no panic while it was held")
    }

    pub(super) fn origin(&self, host: usize) -> String {
        self.origins[host].clone()
    }
}
