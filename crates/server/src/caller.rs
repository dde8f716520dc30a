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
        }
    }

    /// The row id of the user, if the party is one.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::ApiKey { user_id, .. } => Some(user_id),
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
