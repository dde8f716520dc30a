//! What a token says.

use atproto::Did;
use oci::Actions;
use serde::{Deserialize, Serialize};

use crate::Repository;

/// How somebody proved who they are (`auth_method` of a token, spec/registry.md §2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Not at all.
    Anonymous,
    /// By the secret of a device.
    Device,
    /// By an app password of their PDS.
    AppPassword,
    /// By the password of an account on this server.
    Local,
}

/// Somebody who has proved who they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// Who.
    pub did: Did,
    /// What they are called; to be shown, not to be trusted.
    pub handle: String,
    /// How they proved it.
    pub method: Method,
    /// The row id of the device that they did it with.
    pub device: Option<String>,
    /// What stands behind a password: what the app password is known by, or which password of an account on this server it was.
    #[serde(default)]
    pub session: Option<String>,
}

/// What may be done with one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Which, however its owner was spelled.
    pub repository: Repository,
    /// What.
    pub actions: Actions,
}

/// A token of this registry whose signature has been verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Who got it; nobody if it is anonymous.
    pub subject: Option<Did>,
    /// What they were called.
    pub handle: Option<String>,
    /// How they proved who they are.
    pub method: Method,
    /// The row id of the device that they did it with.
    pub device: Option<String>,
    /// What its bearer may do.
    pub access: Vec<Access>,
    /// Whether its bearer may list repositories.
    pub catalog: bool,
    /// When it is over, in seconds since 1970.
    pub expires_at: i64,
}

impl Token {
    /// What its bearer may do with a repository.
    #[must_use]
    pub fn actions(&self, repository: &Repository) -> Actions {
        let mut entries = self.access.iter();
        entries.find(|access| access.repository == *repository).map_or(Actions::NONE, |access| access.actions)
    }
}
