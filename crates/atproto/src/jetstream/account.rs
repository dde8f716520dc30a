//! What a stream says about accounts.

use std::borrow::Cow;

use super::FrameError;
use super::wire::{WireAccount, WireIdentity};
use crate::excerpt::excerpt;
use crate::{Did, Handle};

/// The DID document or the handle may have changed: forget what is cached about the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The new handle, a hint that still has to be verified; absent if the stream gives none or not a valid one.
    pub handle: Option<Handle>,
    /// Number of the event at the relay.
    pub seq: Option<i64>,
    /// Time of the event at the relay, as the relay wrote it.
    pub time: Option<String>,
}

/// The account was switched off or on at its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whether its repository is served.
    pub active: bool,
    /// Why not; usually absent when active.
    pub status: Option<AccountStatus>,
    /// Number of the event at the relay.
    pub seq: Option<i64>,
    /// Time of the event at the relay, as the relay wrote it.
    pub time: Option<String>,
}

/// Why an account's repository is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountStatus {
    /// By the host's moderators.
    Takendown,
    /// By the host's moderators, for a while.
    Suspended,
    /// For good: the records must be purged, where every other status only hides them.
    Deleted,
    /// By its owner.
    Deactivated,
    /// The relay has lost track of the repository.
    Desynchronized,
    /// The relay limits the host.
    Throttled,
    /// A status this version does not know (an excerpt of it).
    Other(String),
}

impl AccountStatus {
    /// Reads the protocol's word for it.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "takendown" => Self::Takendown,
            "suspended" => Self::Suspended,
            "deleted" => Self::Deleted,
            "deactivated" => Self::Deactivated,
            "desynchronized" => Self::Desynchronized,
            "throttled" => Self::Throttled,
            other => Self::Other(excerpt(other)),
        }
    }

    /// The protocol's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Takendown => "takendown",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
            Self::Deactivated => "deactivated",
            Self::Desynchronized => "desynchronized",
            Self::Throttled => "throttled",
            Self::Other(word) => word,
        }
    }
}

impl Identity {
    pub(super) fn from_wire(wire: WireIdentity<'_>, of: &Did) -> Result<Self, FrameError> {
        check_did(wire.did, of)?;
        let handle = wire.handle.and_then(|handle| Handle::parse(&handle).ok());
        Ok(Self { handle, seq: wire.seq, time: wire.time.as_deref().map(excerpt) })
    }
}

impl Account {
    pub(super) fn from_wire(wire: WireAccount<'_>, of: &Did) -> Result<Self, FrameError> {
        check_did(wire.did, of)?;
        let status = wire.status.map(|word| AccountStatus::parse(&word));
        Ok(Self { active: wire.active, status, seq: wire.seq, time: wire.time.as_deref().map(excerpt) })
    }
}

/// Both the event and what it carries name the account. If they differ, neither can be believed.
pub(super) fn check_did(inner: Option<Cow<'_, str>>, outer: &Did) -> Result<(), FrameError> {
    match inner {
        Some(inner) if inner != outer.as_str() => Err(FrameError::DidMismatch),
        _ => Ok(()),
    }
}
