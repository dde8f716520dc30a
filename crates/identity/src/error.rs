//! Why a name does not lead to an account or a lexicon.

use std::sync::Arc;

use atproto::did_doc::DidDocError;
use atproto::{Did, Handle, Nsid};

/// Why a name does not lead to an account or a lexicon. Says which step failed.
///
/// Cheap to clone, because everyone who asked at the same time gets the same answer. Safe to show to end users, as
/// the causes from `outbound` are.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A DID of a method or form that cannot be resolved.
    #[error("{did} cannot be resolved: {reason}")]
    UnsupportedDid {
        /// The DID.
        did: Did,
        /// What about it is not supported.
        reason: &'static str,
    },
    /// Never registered, or deleted.
    #[error("{did} does not exist")]
    DidNotFound {
        /// The DID.
        did: Did,
    },
    /// No usable answer from the directory or host.
    #[error("the document of {did} could not be fetched: {cause}")]
    DidUnavailable {
        /// The DID.
        did: Did,
        /// What happened.
        cause: Arc<outbound::Error>,
    },
    /// The document is not one, or another's.
    #[error(transparent)]
    BadDocument(#[from] DidDocError),
    /// A handle that nobody can have.
    #[error("{handle} cannot be resolved: its top-level domain is reserved")]
    ReservedHandle {
        /// The handle.
        handle: Handle,
    },
    /// Neither DNS nor the host names an account.
    #[error(
        "{handle} names no account: there is no DID in the TXT record of _atproto.{handle} nor at \
         https://{handle}/.well-known/atproto-did"
    )]
    HandleNotFound {
        /// The handle.
        handle: Handle,
    },
    /// DNS names several accounts.
    #[error("{handle} names several accounts: _atproto.{handle} has more than one DID, leave only one")]
    AmbiguousHandle {
        /// The handle.
        handle: Handle,
    },
    /// DNS or the host did not answer, so that nothing is known either way.
    #[error("{handle} could not be resolved: {cause}")]
    HandleUnavailable {
        /// The handle.
        handle: Handle,
        /// What happened.
        cause: Arc<outbound::Error>,
    },
    /// DNS names no authority for the lexicons of a domain.
    #[error("lexicons of {domain} have no authority: there is no DID in the TXT record of _lexicon.{domain}")]
    NoAuthority {
        /// The domain, in the order of DNS.
        domain: String,
    },
    /// DNS names several authorities.
    #[error("lexicons of {domain} have several authorities: _lexicon.{domain} has more than one DID")]
    AmbiguousAuthority {
        /// The domain, in the order of DNS.
        domain: String,
    },
    /// DNS did not answer.
    #[error("the authority for lexicons of {domain} could not be looked up: {cause}")]
    AuthorityUnavailable {
        /// The domain, in the order of DNS.
        domain: String,
        /// What happened.
        cause: Arc<outbound::Error>,
    },
    /// The authority's DID does not lead to its server.
    #[error("the authority of {nsid} could not be resolved: {cause}")]
    UnresolvedAuthority {
        /// The lexicon.
        nsid: Nsid,
        /// What happened.
        cause: Box<Error>,
    },
    /// The authority's document names no PDS.
    #[error("the authority of {nsid}, {authority}, has no PDS")]
    NoPds {
        /// The lexicon.
        nsid: Nsid,
        /// Who may define it.
        authority: Did,
    },
    /// The authority has not published it.
    #[error("{nsid} is not published: {authority} has no record com.atproto.lexicon.schema/{nsid}")]
    LexiconNotFound {
        /// The lexicon.
        nsid: Nsid,
        /// Who may define it.
        authority: Did,
    },
    /// The record is not this lexicon.
    #[error("the record {authority} published as {nsid} is not that lexicon: {problem}")]
    BadLexicon {
        /// The lexicon.
        nsid: Nsid,
        /// Who may define it.
        authority: Did,
        /// What is wrong with the record.
        problem: &'static str,
    },
}

impl Error {
    /// Whether the same question may be answered later without anybody changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::DidUnavailable { cause, .. }
            | Self::HandleUnavailable { cause, .. }
            | Self::AuthorityUnavailable { cause, .. } => cause.is_transient(),
            Self::UnresolvedAuthority { cause, .. } => cause.is_transient(),
            _ => false,
        }
    }

    /// Whether the answer is a definite "there is none".
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            Self::DidNotFound { .. }
                | Self::HandleNotFound { .. }
                | Self::NoAuthority { .. }
                | Self::LexiconNotFound { .. }
        )
    }
}
