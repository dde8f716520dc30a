//! What a simulated network consists of.

use atproto::Nsid;

use super::{Behaviour, Standing};

/// A network to be started. The same plan makes the same accounts, keys, record URIs and record CIDs; what is written later
/// has revisions of the time when it is written.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Decides everything that is not said here.
    pub seed: u64,
    /// The repository hosts.
    pub hosts: Vec<HostPlan>,
    /// How the directory of identities behaves.
    pub plc: Behaviour,
    /// How the relay's directory of collections behaves.
    pub relay: Behaviour,
}

/// One repository host.
#[derive(Clone, Debug, Default)]
pub struct HostPlan {
    /// How it behaves in the beginning.
    pub behaviour: Behaviour,
    /// Who is there.
    pub accounts: Vec<AccountPlan>,
}

/// One account.
#[derive(Clone, Debug, Default)]
pub struct AccountPlan {
    /// What it is in the beginning.
    pub standing: Standing,
    /// How many records of which collection it has written.
    pub records: Vec<(Nsid, u32)>,
    /// Moves by itself, in the middle of being read.
    pub moves: Option<Move>,
}

/// An account's removal to another host, see [`Sim::migrate`](super::Sim::migrate).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Requests about the account that its first host answers before.
    pub after: u32,
    /// The host it moves to.
    pub to: usize,
}

impl Plan {
    /// `hosts` well-behaved hosts with `accounts` active accounts each, which have `records` records of each collection.
    #[must_use]
    pub fn normal(seed: u64, hosts: usize, accounts: usize, collections: &[Nsid], records: u32) -> Self {
        let account = AccountPlan::active(collections, records);
        let host = HostPlan { behaviour: Behaviour::Normal, accounts: vec![account; accounts] };
        Self { seed, hosts: vec![host; hosts], ..Self::default() }
    }
}

impl HostPlan {
    /// A host with these accounts.
    #[must_use]
    pub fn new(behaviour: Behaviour, accounts: Vec<AccountPlan>) -> Self {
        Self { behaviour, accounts }
    }
}

impl AccountPlan {
    /// An active account with `records` records of each collection.
    #[must_use]
    pub fn active(collections: &[Nsid], records: u32) -> Self {
        Self {
            records: collections.iter().map(|collection| (collection.clone(), records)).collect(),
            ..Self::default()
        }
    }

    /// The same account with another standing.
    #[must_use]
    pub fn with(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self
    }

    /// The same account, which moves to the host `to` when `after` requests about it have been answered.
    #[must_use]
    pub fn moving(mut self, to: usize, after: u32) -> Self {
        self.moves = Some(Move { after, to });
        self
    }
}
