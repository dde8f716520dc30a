//! `com.atproto.sync.getBlob` for layers (spec/registry.md §4.5): under the digests of the registry's protocol. Every other blob is that
//! of a repository, and not asked for here.

use atproto::Did;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use blobs::Wanted;
use futures::future::{BoxFuture, FutureExt};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE,
    LOCATION, RANGE,
};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use oci::{ByteRange, Digest, EntityTag};
use repos::Elsewhere;
use serde::Deserialize;
use serde_json::json;
use server::{Json, Problem};

use crate::refusal::{auth_required, internal, invalid, of_hold};
use crate::service::Served;
use crate::signed::{LIFE, Right, Signature};
use crate::{HoldService, input, time};

const METHOD: &str = "com.atproto.sync.getBlob";

/// What is under a digest is that for ever.
const FOR_EVER: &str = "max-age=31536000, immutable";

#[derive(Deserialize)]
struct Asked {
    did: Option<String>,
    cid: String,
    method: Option<String>,
    expires: Option<i64>,
    signature: Option<String>,
}

impl Elsewhere for HoldService {
    fn answer(&self, request: Request) -> Result<BoxFuture<'static, Response>, Box<Request>> {
        let asked = input::query::<Asked>(request.uri()).ok();
        let digest = asked.and_then(|asked| Some((Digest::parse(&asked.cid).ok()?, asked)));
        let Some((digest, asked)) = digest else { return Err(Box::new(request)) };
        let (service, (parts, _)) = (self.0.clone(), request.into_parts());
        let answer = async move { blob(&service, &parts, &digest, asked).await.into_response() };
        Ok(answer.boxed())
    }
}

async fn blob(service: &Served, parts: &Parts, digest: &Digest, asked: Asked) -> Result<Response, Problem> {
    let is_head = parts.method == Method::HEAD;
    if let Some(signature) = asked.signature {
        let signature = Signature { expires: asked.expires.unwrap_or_default(), signature };
        let right = if is_head { Right::Head(digest) } else { Right::Get(digest) };
        if !service.signed.admits(&signature, right) {
            return Err(auth_required("the URL has expired, or is good for something else"));
        }
        return content(service, parts, digest).await;
    }
    let caller = service.caller(&parts.headers, METHOD).await?;
    let rights = service.hold.rights(caller.subject()).await.map_err(of_hold)?;
    let is_put = asked.method.as_deref() == Some("PUT");
    let allowed = if is_put { rights.to_write() } else { rights.to_read() };
    match allowed {
        Err(_) if caller.subject().is_none() => {
            return Err(auth_required("show a service token for this hold"));
        }
        allowed => allowed.map_err(of_hold)?,
    }
    let did = asked.did.map(|did| input::did(&did, "InvalidRequest")).transpose()?;
    match asked.method.as_deref() {
        None => content(service, parts, digest).await,
        Some("PUT") => Ok(signed_put(service, digest)),
        Some("GET") => signed(service, digest, did.as_ref(), "GET").await,
        Some("HEAD") => signed(service, digest, did.as_ref(), "HEAD").await,
        Some(_) => Err(invalid("the method is GET, HEAD or PUT")),
    }
}

/// A URL to which the whole blob can be sent.
fn signed_put(service: &Served, digest: &Digest) -> Response {
    let cid = digest.to_string();
    let (url, expires) = service.signed.url("io.atcr.hold.uploadPart", Right::Put(digest), &[("cid", &cid)]);
    described(&url, "PUT", expires)
}

/// A URL by which the blob can be read or looked at: of the bucket, or else of this server.
async fn signed(
    service: &Served,
    digest: &Digest,
    did: Option<&Did>,
    method: &'static str,
) -> Result<Response, Problem> {
    size(service, digest).await?;
    let (wanted, right) = match method {
        "HEAD" => (Wanted::Head, Right::Head(digest)),
        _ => (Wanted::Get, Right::Get(digest)),
    };
    if let Some(url) = service.hold.blobs().presign(digest, wanted, LIFE).await.map_err(internal)? {
        return Ok(described(url.as_str(), method, clock::now_micros() + clock::micros(LIFE)));
    }
    let cid = digest.to_string();
    let did = did.unwrap_or(service.hold.did());
    let (url, expires) = service.signed.url(METHOD, right, &[("did", did.as_str()), ("cid", &cid)]);
    Ok(described(&url, method, expires))
}

fn described(url: &str, method: &str, expires: i64) -> Response {
    let description =
        json!({ "url": url, "method": method, "headers": {}, "expiresAt": time::written(expires) });
    ([(CACHE_CONTROL, "no-store")], Json(description)).into_response()
}

async fn size(service: &Served, digest: &Digest) -> Result<u64, Problem> {
    let size = service.hold.blobs().head(digest).await.map_err(internal)?;
    size.ok_or_else(|| Problem::not_found("Blob not found").named("BlobNotFound"))
}

/// The bytes, or a part of them; from a bucket, the way to them.
async fn content(service: &Served, parts: &Parts, digest: &Digest) -> Result<Response, Problem> {
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
    let range = ByteRange::parse(header(RANGE).filter(|_| tag.allows_range(header(IF_RANGE))), size);
    let bytes = match range {
        ByteRange::Full => 0..size,
        ByteRange::Partial { first, last } => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            first..last + 1
        }
        ByteRange::Unsatisfiable => {
            let problem =
                Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, format!("the blob has {size} bytes"));
            let whole = HeaderValue::from_str(&format!("bytes */{size}")).map_err(internal)?;
            return Err(problem.named("InvalidRequest").with_header(CONTENT_RANGE, whole));
        }
    };
    if let Some(part) = range.content_range(size) {
        set(&mut response, CONTENT_RANGE, &part);
    }
    let length = range.body_length(size);
    set(&mut response, CONTENT_LENGTH, &length.to_string());
    let blob = service.hold.blobs().open(digest).await.map_err(internal)?;
    let blob = blob.ok_or_else(|| Problem::not_found("Blob not found").named("BlobNotFound"))?;
    metrics::counter!("registry_bytes_sent_total").increment(length);
    *response.body_mut() = Body::from_stream(blob.read(bytes));
    Ok(response)
}

/// What is printed here for a header is visible ASCII.
fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
