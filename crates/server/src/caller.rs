//! Who is calling: what the authenticator found out and handlers may ask for.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use crate::{Permission, PermissionSet, Problem};

/// An authenticated caller. A handler takes `Caller`, or `Option<Caller>` on a route with
/// [`Access::Delegated`](crate::Access::Delegated).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// On whose behalf the request is made.
    pub principal: Principal,
    /// The row id of the user they are here. Somebody else's credential may be as good and yet belong to nobody who is a
    /// user of this server: then there is none, and there are no permissions.
    pub user_id: Option<Arc<str>>,
    /// What this credential may do: already the intersection of all limits that apply to it.
    pub permissions: PermissionSet,
}

/// The party behind a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Principal {
    /// An API key that acts for its owner.
    ApiKey {
        /// The row id of the key.
        key_id: Arc<str>,
        /// The row id of the user who owns it.
        user_id: Arc<str>,
        /// The owner's DID; a local operator has none.
        did: Option<Arc<str>>,
    },
    /// A browser that somebody signed in with on this server's pages.
    BrowserSession {
        /// Who.
        did: Arc<str>,
        /// The row id of the session.
        session_id: Arc<str>,
        /// The app through which they signed in, if it was one.
        client_key: Option<Arc<str>>,
    },
    /// An app on a device that signs its requests with a key made for it.
    Dpop {
        /// The user.
        did: Arc<str>,
        /// The row id of the session with the user's PDS.
        session_id: Arc<str>,
        /// The app.
        client_key: Arc<str>,
    },
    /// Somebody with an account of the app that owns the mount.
    AppAccount {
        /// The row id of the account.
        account_id: Arc<str>,
        /// The row id of the token.
        token_id: Arc<str>,
    },
    /// Another server, with a token that a user's account or one of its services signed.
    Service {
        /// Who signed: a DID, of a service with its fragment.
        did: Arc<str>,
        /// The method that the token is for; on routes that are no method there is none.
        lxm: Option<Arc<str>>,
    },
}

impl Caller {
    /// Whether the caller holds `permission`.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }
}

impl Principal {
    /// The DID on whose behalf the request is made, if the party has one.
    #[must_use]
    pub fn did(&self) -> Option<&str> {
        match self {
            Self::ApiKey { did, .. } => did.as_deref(),
            Self::BrowserSession { did, .. } | Self::Dpop { did, .. } | Self::Service { did, .. } => {
                Some(did)
            }
            Self::AppAccount { .. } => None,
        }
    }

    /// The row id of the user, if the credential belongs to one.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::ApiKey { user_id, .. } => Some(user_id),
            Self::BrowserSession { .. }
            | Self::Dpop { .. }
            | Self::Service { .. }
            | Self::AppAccount { .. } => None,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::authentication_required)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}
