//! `com.atproto.sync.getBlob` for layers (spec/registry.md §4.5): under the digests of the registry's protocol. Every other blob is that
//! of a repository, and not asked for here.

use atproto::Did;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use blobs::Wanted;
use futures::future::{BoxFuture, FutureExt};
use http::Method;
use http::header::CACHE_CONTROL;
use http::request::Parts;
use oci::Digest;
use repos::Elsewhere;
use serde::Deserialize;
use serde_json::json;
use server::{Json, Problem};

use crate::content::{content, size};
use crate::refusal::{auth_required, internal, invalid, of_hold};
use crate::service::Served;
use crate::signed::{LIFE, Right, Signature};
use crate::{HoldService, input, time};

const METHOD: &str = "com.atproto.sync.getBlob";

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
        Some("PUT") => {
            let sender =
                caller.subject().ok_or_else(|| auth_required("show a service token for this hold"))?;
            service.has_room(sender).await?;
            Ok(signed_put(service, digest))
        }
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
