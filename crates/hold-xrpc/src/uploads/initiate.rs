//! `io.atcr.hold.initiateUpload`.

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use server::{Json, Problem};

use crate::input::{self, Asked};
use crate::refusal::{of_hold, of_parts};
use crate::service::Served;

/// What registries write for the digest of what they do not know yet: they are still reading it.
const UNKNOWN_YET: &str = "uploads/";

#[derive(Deserialize)]
struct Input {
    digest: String,
}

pub(crate) async fn initiate(State(service): State<Served>, request: Asked) -> Result<Json<Value>, Problem> {
    const METHOD: &str = "io.atcr.hold.initiateUpload";
    let (subject, rights) = service.somebody(request.headers(), METHOD).await?;
    rights.to_write().map_err(of_hold)?;
    let Input { digest } = request.json().await?;
    let expected = if digest.starts_with(UNKNOWN_YET) { None } else { Some(input::digest(&digest)?) };
    service.has_room(&subject).await?;
    let id = service.hold.begin_parts(&subject, expected).await;
    let id = id.map_err(|error| of_parts(error, "InvalidRequest"))?;
    Ok(Json(json!({ "uploadId": id.to_string() })))
}
