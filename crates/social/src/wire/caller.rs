//! Who is calling.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use server::{Caller, Problem};

use crate::Id;

/// The person whose credential it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Me(pub(crate) Id);

/// The person who looks, or nobody known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewer(pub(crate) Option<Id>);

fn id(caller: &Caller) -> Option<Id> {
    caller.user_id.as_deref()?.parse().ok()
}

impl<S: Send + Sync> FromRequestParts<S> for Me {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = <Caller as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        id(&caller).map(Self).ok_or_else(|| {
            Problem::forbidden("you have no profile here yet: POST /social/auth/atproto makes one")
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let caller = <Caller as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await?;
        Ok(Self(caller.as_ref().and_then(id)))
    }
}
