//! On whose behalf users, keys, settings and domains are changed.

use std::{collections::BTreeSet, sync::Arc};

use server::{Caller, Permission, PermissionSet, Principal};
use store::{Conn, v};

use super::rights::rights_in;
use crate::{Error, permissions::PERMISSIONS};

/// Who acts. What they may do is looked up when they do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Whoever can run commands on the machine; may do everything.
    LocalOperator,
    /// A user in person.
    User {
        /// Their DID.
        did: Arc<str>,
    },
    /// An app or a server that acts for a user. It may do what they may, but it is not them in person.
    Representative {
        /// The user's DID.
        did: Arc<str>,
    },
    /// A user's API key, which is never the super user, whoever made it.
    ApiKey {
        /// The row id of its owner.
        user_id: Arc<str>,
        /// The owner's DID, if they have one.
        did: Option<Arc<str>>,
        /// What the key may do.
        permissions: PermissionSet,
    },
}

impl Actor {
    /// The caller of a request; `None` if it is nobody who could be a user.
    #[must_use]
    pub fn of(caller: &Caller) -> Option<Self> {
        match &caller.principal {
            Principal::ApiKey { user_id, did, .. } => Some(Self::ApiKey {
                user_id: user_id.clone(),
                did: did.clone(),
                permissions: caller.permissions.clone(),
            }),
            Principal::BrowserSession { did, .. } => Some(Self::User { did: did.clone() }),
            other => other.did().map(|did| Self::Representative { did: did.into() }),
        }
    }

    /// The DID that the event log names.
    #[must_use]
    pub fn did(&self) -> Option<&str> {
        match self {
            Self::LocalOperator => None,
            Self::User { did } | Self::Representative { did } => Some(did),
            Self::ApiKey { did, .. } => did.as_deref(),
        }
    }

    /// What the actor is and may do now, inside the transaction that depends on it.
    pub(crate) fn acting(&self, conn: &mut Conn<'_>) -> Result<Acting, Error> {
        let everything = || PERMISSIONS.iter().map(|info| info.permission).collect();
        match self {
            Self::LocalOperator => Ok(Acting { user_id: None, is_super: true, permissions: everything() }),
            Self::User { did } | Self::Representative { did } => {
                let rights = rights_in(conn, "did", did)?.ok_or(Error::NotAUser)?;
                Ok(Acting {
                    user_id: Some(rights.user_id.to_string()),
                    is_super: rights.is_super && matches!(self, Self::User { .. }),
                    permissions: rights.permissions.iter().collect(),
                })
            }
            Self::ApiKey { user_id, permissions, .. } => {
                let owner = rights_in(conn, "id", user_id)?.ok_or(Error::NotAUser)?;
                let held = permissions.iter().filter(|permission| owner.permissions.contains(*permission));
                Ok(Acting {
                    user_id: Some(owner.user_id.to_string()),
                    is_super: false,
                    permissions: held.collect(),
                })
            }
        }
    }
}

/// The rights of an actor at the moment of a transaction.
pub(crate) struct Acting {
    /// `None`: the local operator.
    pub(crate) user_id: Option<String>,
    /// The super user in person, or the local operator.
    pub(crate) is_super: bool,
    permissions: BTreeSet<Permission>,
}

impl Acting {
    /// Nobody grants what they lack.
    pub(crate) fn check_grant(&self, permissions: &[Permission]) -> Result<(), Error> {
        let lacking: Vec<_> =
            permissions.iter().copied().filter(|permission| !self.permissions.contains(permission)).collect();
        if lacking.is_empty() || faults::mutant!("accounts-grants-what-they-lack") {
            Ok(())
        } else {
            Err(Error::Escalation(lacking))
        }
    }

    /// Nobody changes themselves, and nobody else the super user.
    pub(crate) fn check_change(&self, conn: &mut Conn<'_>, user_id: &str) -> Result<(), Error> {
        let find = "SELECT is_super FROM users WHERE id = $1";
        let is_super = conn.query_opt(find, &[v(user_id)], |row| row.bool(0))?;
        match is_super {
            None => Err(Error::NoSuchUser(user_id.to_owned())),
            Some(_)
                if self.user_id.as_deref() == Some(user_id)
                    && !faults::mutant!("accounts-changes-themselves") =>
            {
                Err(Error::Forbidden("you cannot change or delete yourself"))
            }
            Some(true) => Err(Error::Forbidden("the super user cannot be changed or deleted")),
            Some(false) => Ok(()),
        }
    }
}
