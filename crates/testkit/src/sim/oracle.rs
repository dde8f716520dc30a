//! What an honest index must hold of the network.

use std::collections::{BTreeMap, BTreeSet};

use atproto::{Did, Nsid};

use super::account::Account;
use super::servers::Servers;
use super::{Difference, Expected, Place, Sim};

/// What can be concluded about an active account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Credit {
    Believed,
    Unreachable,
    Untrusted,
}

impl Sim {
    /// The records of these collections that an index must hold, by URI: those of all active accounts whose hosts answer and
    /// do not lie.
    #[must_use]
    pub fn expected(&self, collections: &[Nsid]) -> BTreeMap<String, Expected> {
        self.records(collections, |credit| credit == Credit::Believed)
    }

    /// The records of these collections that an index may hold besides, because they are true: those of active accounts that
    /// are [`unreachable`](Self::unreachable) or [`untrusted`](Self::untrusted).
    #[must_use]
    pub fn permitted(&self, collections: &[Nsid]) -> BTreeMap<String, Expected> {
        self.records(collections, |credit| credit != Credit::Believed)
    }

    /// How an index's records of these collections differ from what it must and may hold.
    #[must_use]
    pub fn difference(&self, collections: &[Nsid], actual: &BTreeMap<String, Expected>) -> Difference {
        Difference::between(&self.expected(collections), &self.permitted(collections), actual)
    }

    /// All records of an account as its author wrote them, whatever its host says.
    #[must_use]
    pub fn served(&self, did: &Did) -> BTreeMap<String, Expected> {
        let account = self.account(did);
        account.history(&mut account.state()).model.clone()
    }

    /// Active accounts whose host does not answer, or not about them.
    #[must_use]
    pub fn unreachable(&self) -> BTreeSet<Did> {
        self.dids(Credit::Unreachable)
    }

    /// Active accounts whose host lies.
    #[must_use]
    pub fn untrusted(&self) -> BTreeSet<Did> {
        self.dids(Credit::Untrusted)
    }

    fn records(&self, collections: &[Nsid], of: impl Fn(Credit) -> bool) -> BTreeMap<String, Expected> {
        let mut records = BTreeMap::new();
        for account in &self.world.accounts {
            if !self.credit(account).is_some_and(&of) {
                continue;
            }
            let mut state = account.state();
            let model = &account.history(&mut state).model;
            for collection in collections {
                // '0' follows '/'.
                let within = format!("at://{}/{collection}/", account.did);
                let end = format!("at://{}/{collection}0", account.did);
                let found = model.range(within..end);
                records.extend(found.map(|(uri, record)| (uri.clone(), record.clone())));
            }
        }
        records
    }

    fn dids(&self, of: Credit) -> BTreeSet<Did> {
        let accounts = self.world.accounts.iter();
        accounts
            .filter(|account| self.credit(account) == Some(of))
            .map(|account| account.did.clone())
            .collect()
    }

    fn credit(&self, account: &Account) -> Option<Credit> {
        self.servers.credit(account)
    }
}

impl Servers {
    /// `None` for an account that is not active.
    fn credit(&self, account: &Account) -> Option<Credit> {
        let (standing, broken, host) = {
            let state = account.state();
            (state.standing, state.broken, state.host)
        };
        let behaviour = self.at(Place::Host(host)).behaviour();
        standing.is_active().then_some(match behaviour {
            behaviour if broken || behaviour.is_unreachable() => Credit::Unreachable,
            behaviour if behaviour.lie().is_some() => Credit::Untrusted,
            _ => Credit::Believed,
        })
    }

    /// Whether an account can write: active, at a host that answers and does not lie.
    pub(super) fn is_believed(&self, account: &Account) -> bool {
        self.credit(account) == Some(Credit::Believed)
    }
}
