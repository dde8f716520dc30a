//! Delegation: accounts that several people write to through one app (spec/appview.md §3.7).
//!
//! An account is shared by its owner, who is signed in as it, and each app has a list of its own: trusting the people of
//! one app says nothing about another.

mod delegates;
mod import;
mod link;
mod read;
mod role;

use time::OffsetDateTime;

pub use import::{ImportedDelegate, ImportedDelegation};
pub use role::Role;

/// An account that somebody may write to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delegation {
    /// The account.
    pub(crate) did: String,
    /// What the one who asks is there.
    pub(crate) role: Role,
    /// Who shared it.
    pub(crate) linked_by: String,
    /// When that was; in lists of accounts, when the one who asks was added.
    pub(crate) created_at: OffsetDateTime,
}

/// Somebody who may write to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delegate {
    /// Who.
    pub(crate) user_did: String,
    /// As what.
    pub(crate) role: Role,
    /// Who added them.
    pub(crate) granted_by: String,
    /// When.
    pub(crate) created_at: OffsetDateTime,
}
