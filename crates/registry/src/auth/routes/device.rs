//! `/auth/device`: what a device says and is told (spec/registry.md §2.4).

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use server::{ClientAddress, Json, Problem};

use super::super::devices::NewDevice;
use super::super::flow::{INTERVAL, LIFE, Poll, Request};
use super::super::{Auth, Error};
use super::Fields;

/// Requests that one address may make at once, and how many it gains in a second.
const BURST: u32 = 20;
const PER_SECOND: f64 = 0.2;

#[derive(Serialize)]
struct Codes {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: u64,
    interval: u64,
}

#[derive(Serialize)]
struct Admitted {
    device_secret: String,
    did: String,
    handle: String,
    device_id: String,
}

pub(super) async fn ask(
    State(auth): State<Auth>,
    client: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let fields = Fields::read(&headers, &body)?;
    let address = client.map(|Extension(ClientAddress(address))| address.to_string()).unwrap_or_default();
    let bucket = format!("registry:device-codes:{address}");
    let decision =
        auth.flow().cache.token_bucket(&bucket, BURST, PER_SECOND, 1).await.map_err(Error::from)?;
    if let Some(wait) = decision.retry_after {
        let problem =
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too many devices ask to be let in from here");
        return Err(problem.named("slow_down").with_header(RETRY_AFTER, (wait.as_secs() + 1).into()));
    }
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let request = Request {
        name: fields.get("device_name").unwrap_or_default().to_owned(),
        ip_address: address,
        user_agent: user_agent.to_owned(),
    };
    let asked = auth.flow().ask(request).await?;
    let verification_uri = format!("{}/device", auth.config().base_url);
    let user_code = asked.user_code.to_string();
    let codes = Codes {
        device_code: asked.device_code,
        verification_uri_complete: format!("{verification_uri}?user_code={user_code}"),
        verification_uri,
        user_code,
        expires_in: LIFE.as_secs(),
        interval: INTERVAL.as_secs(),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(codes)).into_response())
}

pub(super) async fn poll(
    State(auth): State<Auth>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let fields = Fields::read(&headers, &body)?;
    let (pending, did, handle) = match auth.flow().poll(fields.required("device_code")?).await? {
        Poll::Approved { pending, did, handle } => (pending, did, handle),
        other => return Err(told(&other)),
    };
    let new = NewDevice {
        did,
        handle,
        name: pending.name,
        ip_address: pending.ip_address,
        user_agent: pending.user_agent,
    };
    let (device, device_secret) = auth.credentials().devices.mint(new).await?;
    let admitted =
        Admitted { device_secret, did: device.did.to_string(), handle: device.handle, device_id: device.id };
    Ok(([(CACHE_CONTROL, "no-store")], Json(admitted)).into_response())
}

/// The errors of RFC 8628, section 3.5.
fn told(poll: &Poll) -> Problem {
    let (name, message) = match poll {
        Poll::Waiting => ("authorization_pending", "nobody has approved this device yet"),
        Poll::TooSoon => ("slow_down", "ask less often"),
        Poll::Denied => ("access_denied", "this device was turned away"),
        Poll::Gone | Poll::Approved { .. } => ("expired_token", "this request has expired; begin again"),
    };
    Problem::bad_request(message).named(name)
}
