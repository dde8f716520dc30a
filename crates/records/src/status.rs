//! Whether an account is served by its host.

use atproto::jetstream::{Account, AccountStatus};

/// The status of a repository, as `#account` events announce it (spec `com.atproto.sync.subscribeRepos#account`).
///
/// Only records of [`Active`](Self::Active) repositories are visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum RepoStatus {
    /// Served.
    Active = 0,
    /// Switched off by its owner.
    Deactivated = 1,
    /// Taken down by its host.
    Takendown = 2,
    /// Suspended by its host.
    Suspended = 3,
    /// Gone: its records are purged, and ignored until it is active again.
    Deleted = 4,
    /// Out of step at the relay.
    Desynchronized = 5,
    /// Held back by the relay.
    Throttled = 6,
    /// Inactive for a reason we have no name for.
    Other = 7,
}

impl RepoStatus {
    /// What an account event says.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        match (account.active, &account.status) {
            (true, _) => Self::Active,
            (false, Some(AccountStatus::Deactivated)) => Self::Deactivated,
            (false, Some(AccountStatus::Takendown)) => Self::Takendown,
            (false, Some(AccountStatus::Suspended)) => Self::Suspended,
            (false, Some(AccountStatus::Deleted)) => Self::Deleted,
            (false, Some(AccountStatus::Desynchronized)) => Self::Desynchronized,
            (false, Some(AccountStatus::Throttled)) => Self::Throttled,
            (false, Some(AccountStatus::Other(_)) | None) => Self::Other,
        }
    }

    pub(crate) fn code(self) -> i64 {
        self as i64
    }
}
