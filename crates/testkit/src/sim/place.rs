//! Which server of the network.

/// A server of the simulated network. A number stands for the host of that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// The directory of identities.
    Plc,
    /// The relay's directory of collections.
    Relay,
    /// The repository host of this number, from 0.
    Host(usize),
}

impl From<usize> for Place {
    fn from(host: usize) -> Self {
        Self::Host(host)
    }
}
