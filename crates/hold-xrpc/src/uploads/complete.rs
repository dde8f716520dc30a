//! `io.atcr.hold.completeUpload` and `io.atcr.hold.abortUpload`.

use axum::extract::State;
use hold::NamedPart;
use serde::Deserialize;
use serde_json::{Value, json};
use server::{Json, Problem};

use super::id_of;
use crate::input::{self, Asked};
use crate::refusal::{of_hold, of_parts};
use crate::service::Served;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    upload_id: String,
    digest: String,
    pub(crate) parts: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Part {
    part_number: u32,
    etag: String,
}

/// When this answers, the blob has been hashed, and is here.
pub(crate) async fn complete(State(service): State<Served>, request: Asked) -> Result<Json<Value>, Problem> {
    const METHOD: &str = "io.atcr.hold.completeUpload";
    let (subject, rights) = service.somebody(request.headers(), METHOD).await?;
    rights.to_write().map_err(of_hold)?;
    let Input { upload_id, digest, parts } = request.json().await?;
    let (id, digest) = (id_of(&upload_id)?, input::digest(&digest)?);
    let named: Vec<_> =
        parts.into_iter().map(|part| NamedPart { number: part.part_number, etag: part.etag }).collect();
    let made = service.hold.complete_parts(id, &subject, &digest, &named).await;
    made.map_err(|error| of_parts(error, "CompletionFailed"))?;
    Ok(Json(json!({ "status": "completed", "digest": digest.to_string() })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    upload_id: String,
}

pub(crate) async fn abort(State(service): State<Served>, request: Asked) -> Result<Json<Value>, Problem> {
    const METHOD: &str = "io.atcr.hold.abortUpload";
    let (subject, rights) = service.somebody(request.headers(), METHOD).await?;
    rights.to_write().map_err(of_hold)?;
    let Named { upload_id } = request.json().await?;
    let aborted = service.hold.abort_parts(id_of(&upload_id)?, &subject).await;
    aborted.map_err(|error| of_parts(error, "AbortFailed"))?;
    Ok(Json(json!({ "status": "aborted" })))
}
