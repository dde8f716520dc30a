//! One scope.

use std::collections::BTreeSet;

use super::{Audience, MimeRange, ServiceRef};
use crate::Nsid;

/// A scope the protocol defines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `atproto`: who the account is, and nothing else.
    Atproto,
    /// `transition:generic`: everything an app password allows, except direct messages.
    TransitionGeneric,
    /// `transition:email`: reading the account's address.
    TransitionEmail,
    /// `transition:chat.bsky`: direct messages.
    TransitionChat,
    /// `repo:…`: writing records.
    Repo {
        /// Their collections.
        collections: Targets,
        /// What may be done; not empty.
        actions: BTreeSet<RepoAction>,
    },
    /// `rpc:…`: calling methods of services as the account.
    Rpc {
        /// The methods.
        methods: Targets,
        /// The services.
        audience: Audience,
    },
    /// `blob:…`: uploading blobs of these kinds; not empty.
    Blob(BTreeSet<MimeRange>),
    /// `account:…`: settings of the account.
    Account {
        /// Which setting.
        attribute: AccountAttribute,
        /// Changing it, which includes reading it.
        manage: bool,
    },
    /// `identity:handle`: changing the handle.
    IdentityHandle,
    /// `identity:*`: changing everything of the DID document.
    IdentityAll,
    /// `include:…`: what a published permission set says.
    Include {
        /// The permission set.
        set: Nsid,
        /// The service for those of its methods that inherit it.
        audience: Option<ServiceRef>,
    },
}

/// Collections or methods.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Targets {
    /// All: `*`.
    Any,
    /// These; not empty.
    These(BTreeSet<Nsid>),
}

/// What is done to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RepoAction {
    /// A new one.
    Create,
    /// Another content under the same key.
    Update,
    /// None any more.
    Delete,
}

/// A setting of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountAttribute {
    /// Its mail address.
    Email,
    /// Its repository as a whole.
    Repo,
}

impl RepoAction {
    /// Every action.
    pub const ALL: [Self; 3] = [Self::Create, Self::Update, Self::Delete];

    /// The action as text: `create`, `update`, `delete`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == text)
    }
}

impl Targets {
    /// Whether this one is among them.
    #[must_use]
    pub fn contains(&self, nsid: &Nsid) -> bool {
        match self {
            Self::Any => true,
            Self::These(nsids) => nsids.contains(nsid),
        }
    }
}
