//! Where activities arrive.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use server::{Access, Problem, Route};

use crate::bounds::Origin;
use crate::inbox;
use crate::services::Services;

/// For the whole of a body.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// For all that one activity needs of other servers.
const TIME_LIMIT: Duration = Duration::from_mins(2);

/// The one of the server.
pub(super) fn shared(max_bytes: usize) -> Vec<Route<Services>> {
    vec![
        Route::post("/inbox", Access::Public, "Takes an activity of another server", post)
            .body_limit(max_bytes)
            .time_limit(TIME_LIMIT)
            .gives_nothing(StatusCode::ACCEPTED),
    ]
}

/// Those of people, which are the same.
pub(super) fn personal(max_bytes: usize) -> Vec<Route<Services>> {
    vec![
        Route::post(
            "/users/{id}/inbox",
            Access::Public,
            "Takes an activity of another server for somebody",
            post,
        )
        .body_limit(max_bytes)
        .time_limit(TIME_LIMIT)
        .gives_nothing(StatusCode::ACCEPTED),
        Route::get("/users/{id}/inbox", Access::Public, "Refuses to show what others sent", closed),
    ]
}

async fn post(State(services): State<Services>, request: Request) -> Result<StatusCode, Problem> {
    let (parts, body) = request.into_parts();
    services.bounds.admit(&Origin::of(&parts)).await?;
    let body = tokio::time::timeout(READ_WITHIN, read(body, services.config.inbox_max_bytes)).await;
    let body =
        body.map_err(|_| Problem::new(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time"))??;
    inbox::receive(&services, &parts, &body).await
}

async fn read(body: Body, max_bytes: usize) -> Result<bytes::Bytes, Problem> {
    let limited = http_body_util::Limited::new(body, max_bytes);
    let too_large =
        |_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("Activities have at most {max_bytes} bytes"));
    Ok(limited.collect().await.map_err(too_large)?.to_bytes())
}

async fn closed() -> Response {
    let allow = (header::ALLOW, HeaderValue::from_static("POST"));
    (StatusCode::METHOD_NOT_ALLOWED, [allow]).into_response()
}
