//! The two ways in which requests are signed.

/// Which document says how a signature is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// draft-cavage-http-signatures-12: what all servers speak.
    Draft,
    /// RFC 9421, HTTP Message Signatures.
    Message,
}

impl Form {
    /// The one to try when a server does not take this one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Draft => Self::Message,
            Self::Message => Self::Draft,
        }
    }
}
