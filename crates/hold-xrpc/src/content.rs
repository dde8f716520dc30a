//! The bytes of a layer, as they go out.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use blobs::Wanted;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE,
    LOCATION, RANGE,
};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use oci::{Digest, EntityTag, Portion};
use server::Problem;

use crate::refusal::internal;
use crate::service::Served;
use crate::signed::LIFE;

/// What is under a digest is that for ever.
const FOR_EVER: &str = "max-age=31536000, immutable";

/// How many they are, if they are here.
pub(crate) async fn size(service: &Served, digest: &Digest) -> Result<u64, Problem> {
    let size = service.hold.blobs().head(digest).await.map_err(internal)?;
    size.ok_or_else(|| Problem::not_found("Blob not found").named("BlobNotFound"))
}

/// The bytes, or a part of them; from a bucket, the way to them.
pub(crate) async fn content(service: &Served, parts: &Parts, digest: &Digest) -> Result<Response, Problem> {
    let header = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let tag = EntityTag(*digest);
    let mut response = Response::new(Body::empty());
    set(&mut response, CACHE_CONTROL, FOR_EVER);
    set(&mut response, ETAG, &tag.to_string());
    set(&mut response, oci::header::CONTENT_DIGEST, &digest.to_string());
    let size = size(service, digest).await?;
    if header(IF_NONE_MATCH).is_some_and(|known| tag.is_known(known)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    set(&mut response, CONTENT_TYPE, "application/octet-stream");
    set(&mut response, ACCEPT_RANGES, "bytes");
    if parts.method == Method::HEAD {
        set(&mut response, CONTENT_LENGTH, &size.to_string());
        return Ok(response);
    }
    if let Some(url) = service.hold.blobs().presign(digest, Wanted::Get, LIFE).await.map_err(internal)? {
        let mut away = StatusCode::TEMPORARY_REDIRECT.into_response();
        set(&mut away, LOCATION, url.as_str());
        set(&mut away, CACHE_CONTROL, "no-store");
        return Ok(away);
    }
    let portion = Portion::of(tag, size, header(RANGE), header(IF_RANGE)).map_err(|refused| {
        let problem = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, refused.to_string());
        let problem = problem.named("InvalidRequest");
        match HeaderValue::from_str(&refused.content_range()) {
            Ok(whole) => problem.with_header(CONTENT_RANGE, whole),
            Err(_) => problem,
        }
    })?;
    *response.status_mut() = portion.status;
    if let Some(part) = &portion.content_range {
        set(&mut response, CONTENT_RANGE, part);
    }
    let length = portion.length();
    set(&mut response, CONTENT_LENGTH, &length.to_string());
    let blob = service.hold.blobs().open(digest).await.map_err(internal)?;
    let blob = blob.ok_or_else(|| Problem::not_found("Blob not found").named("BlobNotFound"))?;
    metrics::counter!("registry_bytes_sent_total").increment(length);
    *response.body_mut() = Body::from_stream(blob.read(portion.bytes));
    Ok(response)
}

/// What is printed here for a header is visible ASCII.
fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
