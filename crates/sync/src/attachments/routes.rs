//! The routes of attachments.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::response::{IntoResponse, Response};
use blobs::Bucket;
use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use server::{Access, Json, Problem, Route};
use uuid::Uuid;

use super::place::{is_name, reference, url};
use super::stored::{Place, find, put};
use super::stowed::{self, GOOD_FOR};
use crate::Error;
use crate::limits::{MAX_ATTACHMENT, MAX_BODY};
use crate::services::Services;
use crate::sessions::require;
use crate::wire::{Base, Body, Label, Owner, Params};

/// Uploads that an account may ask for in a minute.
const MAX_REQUESTS: i64 = 60;

pub(crate) fn routes() -> Vec<Route<Services>> {
    let (known, path) = (Access::Authenticated, "/v1/sessions/{id}/attachments/{file}");
    let request_upload = "/v1/sessions/{id}/attachments/request-upload";
    let request_download = "/v1/sessions/{id}/attachments/request-download";
    vec![
        Route::post(request_upload, known, "Where to put an attachment", upload),
        Route::post(request_download, known, "Where an attachment is", download),
        // What is too much for an attachment is refused in the protocol's words.
        Route::put(path, known, "Stores an attachment", store).body_limit(MAX_BODY),
        Route::get(path, known, "An attachment", read),
    ]
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(rename = "filename")]
    _filename: Label,
    size: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ticket {
    #[serde(rename = "ref")]
    reference: String,
    upload_url: String,
    method: &'static str,
}

async fn upload(
    State(services): State<Services>,
    owner: Owner,
    base: Base,
    Params([session]): Params<1>,
    Body(wanted): Body<Wanted>,
) -> Result<Json<Ticket>, Problem> {
    #[expect(clippy::cast_precision_loss, reason = "ten million is far below 2^53")]
    if !(0.0..=MAX_ATTACHMENT as f64).contains(&wanted.size) {
        return Err(Problem::bad_request("body/size Too big").named("Error"));
    }
    let key = format!("sync:uploads:{}", owner.account);
    // A cache that does not answer refuses nobody.
    let requests = services.cache.increment(&key, 1, Duration::from_mins(1)).await.unwrap_or(0);
    if requests > MAX_REQUESTS {
        let message = "Too many upload requests. Try again in a minute.";
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, message));
    }
    let id = session.clone();
    services.relay.read(move |conn| require(conn, &owner.account, &id)).await?;
    let name = format!("{}.enc", Uuid::new_v4());
    let upload_url = url(&base, &session, &name);
    Ok(Json(Ticket { reference: reference(&session, &name), upload_url, method: "PUT" }))
}

#[derive(Deserialize)]
struct Which {
    #[serde(rename = "ref")]
    reference: Label,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Download {
    download_url: String,
}

async fn download(
    State(services): State<Services>,
    owner: Owner,
    base: Base,
    Params([session]): Params<1>,
    Body(which): Body<Which>,
) -> Result<Json<Download>, Problem> {
    let id = session.clone();
    let account = owner.account.clone();
    services.relay.read(move |conn| require(conn, &account, &id)).await?;
    let name = which.reference.strip_prefix(&reference(&session, ""));
    let name = name.ok_or_else(|| Problem::bad_request("Ref does not belong to this session"))?;
    if !is_name(name) {
        return Err(Problem::bad_request("Invalid attachment ref"));
    }
    let (id, file) = (session.clone(), name.to_owned());
    let found = services.relay.list(move |conn| find(conn, &owner.account, &id, &file)).await;
    let download_url = match (found, &services.bucket) {
        (Ok(Place::Bucket(object)), Some(bucket)) => of_bucket(bucket, &object).await?,
        _ => url(&base, &session, name),
    };
    Ok(Json(Download { download_url }))
}

/// What is to be stored. Of one that is too large nothing is kept, but it is heard out: a client that is cut off does not read why.
struct Content(Bytes);

impl<S: Send + Sync> FromRequest<S> for Content {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let mut body = request.into_body();
        let (mut content, mut size) = (Vec::new(), 0);
        while let Some(frame) = body.frame().await {
            let frame = frame
                .map_err(|error| Problem::bad_request("The attachment could not be read").caused_by(error))?;
            let Ok(data) = frame.into_data() else { continue };
            size += data.len();
            if size > MAX_ATTACHMENT {
                content = Vec::new();
            } else {
                content.extend_from_slice(&data);
            }
        }
        if size > MAX_ATTACHMENT {
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "File too large (max 10MB)"));
        }
        Ok(Self(content.into()))
    }
}

#[derive(Serialize)]
struct Stored {
    ok: bool,
}

async fn store(
    State(services): State<Services>,
    owner: Owner,
    Params([session, name]): Params<2>,
    Content(content): Content,
) -> Result<Json<Stored>, Problem> {
    if !is_name(&name) {
        return Err(Problem::not_found("Invalid attachment file"));
    }
    if let Some(bucket) = &services.bucket {
        let of = [owner.account.to_string(), session, name];
        stowed::put(services.relay.state(), bucket, of, content).await?;
        return Ok(Json(Stored { ok: true }));
    }
    let put = move |conn: &mut store::Conn<'_>| put(conn, &owner.account, &session, &name, &content);
    services.relay.state().write(put).await?;
    Ok(Json(Stored { ok: true }))
}

async fn read(
    State(services): State<Services>,
    owner: Owner,
    Params([session, name]): Params<2>,
) -> Result<Response, Problem> {
    match services.relay.list(move |conn| find(conn, &owner.account, &session, &name)).await? {
        Place::Here(content) => Ok(([(CONTENT_TYPE, "application/octet-stream")], content).into_response()),
        Place::Bucket(object) => {
            let url = of_bucket(stowed::require(services.bucket.as_ref())?, &object).await?;
            Ok((StatusCode::FOUND, [(LOCATION, url)]).into_response())
        }
    }
}

/// Where an object can be had, for a while.
async fn of_bucket(bucket: &Bucket, object: &str) -> Result<String, Error> {
    Ok(bucket.url(object, GOOD_FOR).await?.into())
}
