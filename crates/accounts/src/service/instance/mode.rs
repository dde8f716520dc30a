//! Under which DID this server is a service.

use std::{fmt, str::FromStr};

use crate::service::ServiceError;

/// Who this server is to the network (spec/appview.md §8.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `did:web` of its own host; the document is served here.
    DidWeb,
    /// A `did:plc` that is registered from here, under keys made here.
    DidPlc,
    /// A service of an existing account, whose own PDS signs the change.
    AttachAccount,
    /// Nobody: requests of other servers in the name of their users are refused.
    NotExposed,
}

impl Mode {
    /// As stored and sent.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DidWeb => "did_web",
            Self::DidPlc => "did_plc",
            Self::AttachAccount => "attach_account",
            Self::NotExposed => "not_exposed",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Mode {
    type Err = ServiceError;

    fn from_str(text: &str) -> Result<Self, ServiceError> {
        let all = [Self::DidWeb, Self::DidPlc, Self::AttachAccount, Self::NotExposed];
        all.into_iter()
            .find(|mode| mode.name() == text)
            .ok_or_else(|| ServiceError::UnknownMode(text.chars().take(40).collect()))
    }
}
