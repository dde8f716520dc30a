//! Who is calling: from the token to the person.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use futures::future::BoxFuture;
use http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use http::request::Parts;
use server::{AuthError, Authenticator, Caller, Credential, PermissionSet, Principal, Problem};
use social::Id;

use crate::fields::query;
use crate::oauth::{Token, Tokens};

/// Below it, a token may also be in the address or in the name of the WebSocket's protocol, because browsers let pages put it nowhere
/// else.
const STREAMING: &str = "/api/v1/streaming";

/// The holder of a token that is good for what was asked: the [door](crate::door) has seen to that.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) token: Arc<Token>,
}

/// Who is signed in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Me(pub(crate) Id);

/// Who looks at what everybody may look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewer(pub(crate) Option<Id>);

/// The token that a request shows.
pub(crate) fn presented(parts: &Parts) -> Option<Cow<'_, str>> {
    let header = parts.headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    if let Some(header) = header {
        // One that is of another kind is a token that nobody has, not none.
        let (scheme, token) = header.split_once(' ').unwrap_or((header, ""));
        return Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim().into() } else { "".into() });
    }
    if !parts.uri.path().starts_with(STREAMING) {
        return None;
    }
    let protocol = parts.headers.get(SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    let named = query(parts).filled("access_token").map(|token| token.to_owned().into());
    named.or_else(|| Some(protocol?.split(',').next()?.trim().into()))
}

/// Verifies tokens for the shell.
pub(crate) struct TokenAuthenticator(pub(crate) Tokens);

impl Authenticator for TokenAuthenticator {
    fn authenticate<'a>(
        &'a self,
        parts: &'a Parts,
        _: &'a [Credential],
    ) -> BoxFuture<'a, Result<Option<Caller>, AuthError>> {
        Box::pin(async move {
            let Some(token) = presented(parts) else { return Ok(None) };
            let found = self.0.find(&token).await.map_err(|error| AuthError::Unavailable(error.into()))?;
            let token = found.ok_or_else(|| AuthError::Invalid("The access token is invalid".into()))?;
            let account = token.user.map_or_else(|| token.app.to_string(), |user| user.to_string());
            Ok(Some(Caller {
                principal: Principal::AppAccount {
                    account_id: account.into(),
                    token_id: token.id.to_string().into(),
                },
                user_id: None,
                permissions: PermissionSet::default(),
            }))
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::authentication_required)
    }
}

impl<S: Sync> FromRequestParts<S> for Me {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let known = parts.extensions.get::<Known>();
        known.and_then(|known| known.token.user).map(Self).ok_or_else(Problem::authentication_required)
    }
}

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(parts.extensions.get::<Known>().and_then(|known| known.token.user)))
    }
}
