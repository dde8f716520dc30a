//! On whose behalf a request changes something.

use axum::extract::FromRequestParts;
use http::request::Parts;
use server::{Caller, Problem};

use crate::{Actor, Error};

impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = <Caller as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        Self::of(&caller).ok_or_else(|| Error::NotAUser.into())
    }
}
