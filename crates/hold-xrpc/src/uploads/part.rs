//! `io.atcr.hold.uploadPart`: bytes, by whoever shows a token or has a URL that was signed.

use atproto::Did;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::ETAG;
use http::request::Parts;
use http::{HeaderMap, Uri};
use oci::{Digest, UploadId};
use serde::Deserialize;
use serde_json::json;
use server::{Json, Problem};

use super::id_of;
use crate::body::pieces;
use crate::input;
use crate::refusal::{auth_required, of_hold, of_parts, refused};
use crate::service::Served;
use crate::signed::{Right, Signature, Signed};

const METHOD: &str = "io.atcr.hold.uploadPart";

/// What a URL says that was signed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignedUrl {
    upload_id: Option<String>,
    part_number: Option<u32>,
    did: Option<String>,
    cid: Option<String>,
    expires: i64,
    signature: String,
}

/// What is sent.
pub(crate) enum What {
    Part(UploadId, Did, u32),
    Whole(Digest),
}

pub(crate) async fn part(State(service): State<Served>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match what(&service, &parts).await {
        Ok(what) => match take(&service, what, body).await {
            Ok(etag) => ([(ETAG, format!("\"{etag}\""))], Json(json!({ "etag": etag }))).into_response(),
            Err(problem) => problem.into_response(),
        },
        Err(problem) => {
            server::discard_body(&parts.headers, body);
            problem.into_response()
        }
    }
}

async fn what(service: &Served, parts: &Parts) -> Result<What, Problem> {
    let is_signed = parts.uri.query().is_some_and(|query| query.contains("signature="));
    if is_signed {
        return signed(&service.signed, &parts.uri);
    }
    let (subject, rights) = service.somebody(&parts.headers, METHOD).await?;
    rights.to_write().map_err(of_hold)?;
    let id = id_of(text(&parts.headers, "x-upload-id"))?;
    let number = text(&parts.headers, "x-part-number").parse();
    let number =
        number.map_err(|_| refused("InvalidPartNumber", "X-Part-Number is the number of the part"))?;
    Ok(What::Part(id, subject, number))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// What the URL was signed for.
pub(crate) fn signed(by: &Signed, uri: &Uri) -> Result<What, Problem> {
    let SignedUrl { upload_id, part_number, did, cid, expires, signature } = input::query(uri)?;
    let signature = Signature { expires, signature };
    let what = match (upload_id, part_number, did, cid) {
        (Some(id), Some(number), Some(did), None) => {
            What::Part(id_of(&id)?, input::did(&did, "InvalidRequest")?, number)
        }
        (None, None, None, Some(cid)) => What::Whole(input::digest(&cid)?),
        _ => return Err(auth_required("the URL was not made here")),
    };
    let right = match &what {
        What::Part(id, owner, number) => Right::Part(*id, owner, *number),
        What::Whole(digest) => Right::Put(digest),
    };
    let is_good = by.admits(&signature, right);
    is_good.then_some(what).ok_or_else(|| auth_required("the URL has expired, or is good for something else"))
}

async fn take(service: &Served, what: What, body: Body) -> Result<String, Problem> {
    let taken = match what {
        What::Part(id, owner, number) => service.hold.send_part(id, &owner, number, pieces(body)).await,
        What::Whole(digest) => service.hold.send_whole(&digest, pieces(body)).await.map(|_| digest),
    };
    Ok(taken.map_err(|error| of_parts(error, "UploadFailed"))?.to_hex())
}
