//! What an account is, to the directory of identities and to its host.

/// The standing of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// Registered and served.
    #[default]
    Active,
    /// By its owner: registered, its host says `RepoDeactivated`.
    Deactivated,
    /// By its host: registered, its host says `RepoTakendown`.
    TakenDown,
    /// By its host: registered, its host says `RepoSuspended`.
    Suspended,
    /// Registered, unknown to its host, which says `RepoNotFound`.
    Deleted,
    /// Deleted, and its identity too: the directory says "not available".
    Tombstoned,
    /// The directory has never heard of it; neither has any host.
    NeverRegistered,
    /// Registered, but its document names no host.
    Homeless,
}

impl Standing {
    /// Whether the account's records are to be believed in.
    #[must_use]
    pub fn is_active(self) -> bool {
        self == Self::Active
    }

    /// The `status` of an account event; `None` if active.
    #[must_use]
    pub fn status(self) -> Option<&'static str> {
        match self {
            Self::Active => None,
            Self::Deactivated => Some("deactivated"),
            Self::TakenDown => Some("takendown"),
            Self::Suspended => Some("suspended"),
            Self::Deleted | Self::Tombstoned | Self::NeverRegistered | Self::Homeless => Some("deleted"),
        }
    }
}
