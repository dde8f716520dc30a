//! Queries that came to another app's route below `/xrpc` and are not for it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::response::Response;
use server::Problem;

use super::Xrpc;
use super::miss::Party;
use crate::proxy::has_passed_one_of_us;
use crate::scripting::Chain;

/// Answers queries as `GET /xrpc/{nsid}` does: for an app whose own routes there go before, and which has found that a
/// request is about something else. Cheap to clone.
#[derive(Clone)]
pub struct Queries(Arc<Xrpc>);

impl Queries {
    pub(crate) fn new(xrpc: &Arc<Xrpc>) -> Self {
        Self(Arc::clone(xrpc))
    }

    /// Answers a request as the gate of `/xrpc` let it in, with whoever calls.
    pub async fn answer(&self, request: Request) -> Result<Response, Problem> {
        let (mut head, _) = request.into_parts();
        let Ok(party) = Party::from_request_parts(&mut head, &()).await;
        let nsid = head.uri.path().rsplit('/').next().unwrap_or_default();
        let chain = Chain::outside(has_passed_one_of_us(&head.headers)).of_query();
        self.0.query(nsid, head.uri.query(), &party, &head.headers, chain).await
    }
}

impl std::fmt::Debug for Queries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Queries")
    }
}
