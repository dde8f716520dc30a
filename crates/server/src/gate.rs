//! The gate in front of every handler: the one place where access, sizes and times are checked.

use std::{
    any::Any,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use http::StatusCode;
use metrics::counter;
use tracing::warn;

use crate::{
    Access, AuthError, Authenticator, Caller, Credential, ErrorStyle, Problem, RequestId, body,
    meters::Meters, render::render,
};

/// What the gate knows about the route behind it.
pub(crate) struct Gate {
    pub(crate) access: Access,
    pub(crate) credentials: &'static [Credential],
    pub(crate) errors: ErrorStyle,
    pub(crate) body_limit: usize,
    pub(crate) time_limit: Duration,
    pub(crate) authenticator: Arc<dyn Authenticator>,
    pub(crate) meters: Meters,
}

/// Middleware around a route: lets a request through to the handler or answers in its place.
pub(crate) async fn pass(
    State(gate): State<Arc<Gate>>,
    id: RequestId,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let handled = AssertUnwindSafe(gate.handle(request, next)).catch_unwind();
    let response = match tokio::time::timeout(gate.time_limit, handled).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => panicked(panic.as_ref()).into_response(),
        Err(_) => timed_out().into_response(),
    };
    let response = render(response, gate.errors, &id);
    gate.meters.record(response.status(), started.elapsed());
    response
}

impl Gate {
    async fn handle(&self, mut request: Request, next: Next) -> Response {
        match self.admit(&mut request).await {
            Ok(()) => next.run(request).await,
            Err(problem) => {
                body::discard(request);
                problem.into_response()
            }
        }
    }

    /// Decides on access first, so that a stranger learns nothing else about the route.
    async fn admit(&self, request: &mut Request) -> Result<(), Problem> {
        if let Some(caller) = self.authenticate(request).await? {
            self.authorize(&caller)?;
            request.extensions_mut().insert(caller);
        } else if !matches!(self.access, Access::Public | Access::Delegated) {
            denied("missing");
            return Err(Problem::authentication_required());
        }
        body::bound(request, self.body_limit)
    }

    async fn authenticate(&self, request: &mut Request) -> Result<Option<Caller>, Problem> {
        if self.access == Access::Public {
            return Ok(None);
        }
        // The body is taken aside because it is not `Sync`, and the head is lent out across an await.
        let (parts, body) = std::mem::take(request).into_parts();
        let outcome = self.authenticator.authenticate(&parts, self.credentials).await;
        *request = Request::from_parts(parts, body);
        outcome.map_err(|error| {
            denied(match error {
                AuthError::Invalid(_) => "invalid",
                AuthError::Unavailable(_) => "unavailable",
            });
            error.into()
        })
    }

    fn authorize(&self, caller: &Caller) -> Result<(), Problem> {
        match self.access.permissions().iter().find(|permission| !caller.may(**permission)) {
            None => Ok(()),
            Some(missing) => {
                denied("permission");
                warn!(permission = missing.name(), user_id = caller.principal.user_id(), "permission denied");
                Err(Problem::missing_permission(*missing))
            }
        }
    }
}

fn denied(reason: &'static str) {
    counter!("http_denied_total", "reason" => reason).increment(1);
}

fn timed_out() -> Problem {
    counter!("http_timeouts_total").increment(1);
    Problem::new(StatusCode::REQUEST_TIMEOUT, "Request timed out")
}

fn panicked(panic: &(dyn Any + Send)) -> Problem {
    counter!("http_panics_total").increment(1);
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    Problem::internal(format!("handler panicked: {}", text.as_deref().unwrap_or("no message")))
}
