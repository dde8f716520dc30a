//! The account that a request is made for.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use server::{Caller, Principal, Problem};

/// Whoever's token it is. Everything a handler does is about this account alone.
pub(crate) struct Owner {
    /// The row id of the account.
    pub(crate) account: Arc<str>,
    /// The row id of the token.
    pub(crate) token: Arc<str>,
}

impl<S: Send + Sync> FromRequestParts<S> for Owner {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = <Caller as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        match caller.principal {
            Principal::AppAccount { account_id, token_id } => {
                Ok(Self { account: account_id, token: token_id })
            }
            _ => Err(Problem::unauthorized("Invalid token")),
        }
    }
}
