//! The servers that tell what happens.

/// The method of Jetstreams.
const SUBSCRIBE: &str = "/subscribe";

/// The method of relays and hosts.
const SUBSCRIBE_REPOS: &str = "/xrpc/com.atproto.sync.subscribeRepos";

/// A server that streams what happens. There are as many as anybody asks for, each with an address and [faults](super::Faults) of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outlet {
    /// A Jetstream; the first is [`Sim::jetstream`](crate::sim::Sim::jetstream).
    Jetstream(usize),
    /// A relay, which tells of all hosts.
    Relay(usize),
    /// The host of this number, which tells of the accounts that are there.
    Host(usize),
}

impl Outlet {
    /// Whether this is the path of its method.
    pub(super) fn is_asked(self, path: &str) -> bool {
        path == match self {
            Self::Jetstream(_) => SUBSCRIBE,
            Self::Relay(_) | Self::Host(_) => SUBSCRIBE_REPOS,
        }
    }
}
