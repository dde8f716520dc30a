//! Why a call has no result.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Failure {
    NotAvailable,
    SelfCall,
    TimedOut,
    Disconnected,
    /// Not made: the caller waits for too many.
    TooMany,
}

impl Failure {
    /// Clients compare the first of these literally.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::NotAvailable => "RPC method not available",
            Self::SelfCall => "Cannot call RPC on the same socket",
            Self::TimedOut => "operation has timed out",
            Self::Disconnected => "RPC target disconnected",
            Self::TooMany => "Too many RPC calls under way",
        }
    }

    /// As metrics have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotAvailable => "not_available",
            Self::SelfCall => "self_call",
            Self::TimedOut => "timeout",
            Self::Disconnected => "target_disconnected",
            Self::TooMany => "too_many",
        }
    }
}
