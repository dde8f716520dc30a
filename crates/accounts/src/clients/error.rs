//! What can go wrong with API clients, their sessions and the accounts they share.

use std::{borrow::Cow, time::Duration};

use crate::pds::PdsError;

/// A failed operation on API clients, keys made for them, sessions or delegations.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// A client type that does not exist.
    #[error("Invalid client_type")]
    ClientType,
    /// A value that its field does not take.
    #[error("{field}: {problem}")]
    Field {
        /// The field, as sent.
        field: &'static str,
        /// What is wrong, with what is expected.
        problem: Cow<'static, str>,
    },
    /// Two clients cannot be one OAuth client.
    #[error("client_id_url already registered")]
    Duplicate,
    /// There is no such client.
    #[error("API client not found")]
    NoSuchClient,
    /// There is no such session.
    #[error("session not found")]
    NoSuchSession,
    /// There is no such delegate.
    #[error("not a delegate of this account")]
    NoSuchDelegate,
    /// The request lacks something or breaks a rule.
    #[error("{0}")]
    BadRequest(Cow<'static, str>),
    /// The client or the user did not prove who they are.
    #[error("{0}")]
    Unauthenticated(Cow<'static, str>),
    /// Known, and not allowed to.
    #[error("{0}")]
    Forbidden(&'static str),
    /// It is there already.
    #[error("{0}")]
    Conflict(&'static str),
    /// More often than the server allows.
    #[error("Too many requests")]
    TooMany {
        /// When to try again.
        retry_after: Duration,
    },
    /// A body beyond its bound.
    #[error("request body too large")]
    TooLarge,
    /// The user's PDS, or what is known of it.
    #[error(transparent)]
    Pds(#[from] PdsError),
    /// A row of ours that cannot be read.
    #[error("the column {column} of API client {client_id} is not a JSON array of strings")]
    Corrupt {
        /// The row id of the client.
        client_id: String,
        /// The column.
        column: &'static str,
        /// Why not.
        #[source]
        source: serde_json::Error,
    },
    /// Secrets, users, settings.
    #[error(transparent)]
    Accounts(#[from] crate::Error),
    /// The database.
    #[error("database of API clients")]
    Store(#[from] store::Error),
    /// The cache.
    #[error("cache of API clients")]
    Cache(#[from] cache::Error),
}

impl ClientError {
    pub(super) fn field(field: &'static str, problem: impl Into<Cow<'static, str>>) -> Self {
        Self::Field { field, problem: problem.into() }
    }

    pub(super) fn unauthenticated(message: impl Into<Cow<'static, str>>) -> Self {
        Self::Unauthenticated(message.into())
    }

    pub(super) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::BadRequest(message.into())
    }
}
