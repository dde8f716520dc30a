//! Whoever looks: from where, and as whom.

use std::convert::Infallible;

use atproto::Did;
use axum::extract::FromRequestParts;
use http::request::Parts;
use server::{Caller, ClientAddress, Principal, Problem};

use crate::asked::Asked;

/// One look at a page.
pub(super) struct Visit {
    /// Who pays for questions to others.
    pub(super) asked: Asked,
    /// Who is signed in.
    pub(super) viewer: Option<Did>,
}

impl Visit {
    /// Who is signed in, on routes that ask for it.
    pub(super) fn viewer(&self) -> Result<&Did, Problem> {
        self.viewer.as_ref().ok_or_else(Problem::authentication_required)
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let address = parts.extensions.get::<ClientAddress>().map(|client| client.0);
        let caller = parts.extensions.get::<Caller>();
        let viewer = caller.and_then(|caller| match &caller.principal {
            Principal::BrowserSession { did, .. } => Did::parse(did).ok(),
            _ => None,
        });
        Ok(Self { asked: Asked::from_address(address), viewer })
    }
}
