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
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONNECTION},
};
use metrics::counter;
use tracing::warn;

use crate::{
    Access, AuthError, Authenticator, Caller, Credential, ErrorStyle, Principal, Problem, RequestId, Sites,
    Throttle, body, cross_site, meters::Meters, progress::Progress, render::render,
};

/// What the gate knows about the route behind it.
pub(crate) struct Gate {
    pub(crate) access: Access,
    pub(crate) credentials: &'static [Credential],
    pub(crate) throttle: Option<Arc<dyn Throttle>>,
    pub(crate) errors: ErrorStyle,
    pub(crate) body_limit: usize,
    pub(crate) time_limit: Duration,
    pub(crate) authenticator: Arc<dyn Authenticator>,
    pub(crate) sites: Arc<dyn Sites>,
    pub(crate) meters: Meters,
}

/// Middleware around a route: lets a request through to the handler or answers in its place.
pub(crate) async fn pass(
    State(gate): State<Arc<Gate>>,
    id: RequestId,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let client = gate.meters.claim(request.headers());
    let progress = Progress::watch(&mut request, gate.time_limit);
    // Outside of what may be cut off or panic: these headers belong to every answer.
    let mut standing = HeaderMap::new();
    let handled = AssertUnwindSafe(gate.handle(request, next, &mut standing)).catch_unwind();
    let response = tokio::select! {
        biased;
        handled = handled => handled.unwrap_or_else(|panic| panicked(panic.as_ref()).into_response()),
        () = progress.exhausted() => timed_out().into_response(),
    };
    let mut response = render(response, gate.errors, gate.credentials, &id);
    // A handler that knows better has said so.
    if response.headers().contains_key(CACHE_CONTROL) {
        standing.remove(CACHE_CONTROL);
    }
    response.headers_mut().extend(standing);
    gate.meters.record(client.as_ref(), response.status(), started.elapsed());
    response
}

impl Gate {
    async fn handle(&self, mut request: Request, next: Next, standing: &mut HeaderMap) -> Response {
        match self.admit(&mut request, standing).await {
            Ok(()) => next.run(request).await,
            Err(problem) => {
                if body::is_cut_off(&request) {
                    standing.insert(CONNECTION, HeaderValue::from_static("close"));
                }
                body::discard(request);
                problem.into_response()
            }
        }
    }

    /// Decides on access first, so that a stranger learns nothing else about the route.
    async fn admit(&self, request: &mut Request, standing: &mut HeaderMap) -> Result<(), Problem> {
        if let Some(caller) = self.authenticate(request).await? {
            // What one caller gets is for nobody else. Of cookies, unlike of `Authorization`, caches do not know that.
            standing.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            self.check_origin(&caller, request)?;
            self.authorize(&caller, request.uri().path())?;
            request.extensions_mut().insert(caller);
        } else if !matches!(self.access, Access::Public | Access::Delegated) {
            denied("missing");
            return Err(Problem::authentication_required());
        }
        if let Some(throttle) = &self.throttle {
            standing.extend(self.slow_down(throttle.as_ref(), request).await?);
        }
        body::bound(request, self.body_limit)
    }

    async fn slow_down(&self, throttle: &dyn Throttle, request: &mut Request) -> Result<HeaderMap, Problem> {
        let (mut parts, body) = std::mem::take(request).into_parts();
        let outcome = throttle.admit(&mut parts).await;
        *request = Request::from_parts(parts, body);
        outcome
    }

    async fn authenticate(&self, request: &mut Request) -> Result<Option<Caller>, Problem> {
        if self.access == Access::Public {
            return Ok(None);
        }
        // The body is taken aside because it is not `Sync`, and the head is lent out across an await.
        let (parts, body) = std::mem::take(request).into_parts();
        let outcome = self.authenticator.authenticate(&parts, self.credentials).await;
        let outcome =
            if faults::mutant!("server-bad-credential-is-none") { outcome.or(Ok(None)) } else { outcome };
        *request = Request::from_parts(parts, body);
        outcome.map_err(|error| {
            denied(match error {
                AuthError::Invalid(_) => "invalid",
                AuthError::Unavailable(_) => "unavailable",
            });
            error.into()
        })
    }

    /// A cookie says who sends a request, not who wants it: to change something, one of our own pages must.
    fn check_origin(&self, caller: &Caller, request: &Request) -> Result<(), Problem> {
        let is_cookie = matches!(caller.principal, Principal::BrowserSession { .. });
        if !is_cookie || !cross_site::changes_state(request.method()) {
            return Ok(());
        }
        if cross_site::is_ours(&*self.sites, request.headers()) || faults::mutant!("server-cross-site-cookie")
        {
            return Ok(());
        }
        denied("cross_site");
        Err(Problem::forbidden("cross-site request refused"))
    }

    fn authorize(&self, caller: &Caller, path: &str) -> Result<(), Problem> {
        let missing = self.access.permissions().iter().find(|permission| !caller.may(**permission));
        let Some(missing) = missing.filter(|_| !faults::mutant!("server-permission-not-checked")) else {
            return Ok(());
        };
        if caller.user_id.is_none() {
            denied("not_a_user");
            return Err(Problem::not_a_user());
        }
        denied("permission");
        warn!(permission = missing.name(), user_id = caller.user_id.as_deref(), "permission denied");
        self.authenticator.denied(caller, *missing, path);
        Err(Problem::missing_permission(*missing))
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
