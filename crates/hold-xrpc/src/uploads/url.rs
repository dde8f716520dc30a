//! `io.atcr.hold.getPartUploadUrl`: a URL of this server, in a folder and in a bucket. So what comes passes by here, and is hashed.

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use server::{Json, Problem};

use super::id_of;
use crate::input::Asked;
use crate::refusal::{of_hold, of_parts};
use crate::service::Served;
use crate::signed::Right;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    upload_id: String,
    part_number: i64,
}

pub(crate) async fn part_url(State(service): State<Served>, request: Asked) -> Result<Json<Value>, Problem> {
    const METHOD: &str = "io.atcr.hold.getPartUploadUrl";
    let (subject, rights) = service.somebody(request.headers(), METHOD).await?;
    rights.to_write().map_err(of_hold)?;
    let Input { upload_id, part_number } = request.json().await?;
    let (id, number) = (id_of(&upload_id)?, u32::try_from(part_number).unwrap_or_default());
    let checked = service.hold.check_parts(id, &subject, number).await;
    checked.map_err(|error| of_parts(error, "InvalidRequest"))?;
    let (id_text, number_text) = (id.to_string(), number.to_string());
    let parameters =
        [("uploadId", id_text.as_str()), ("partNumber", number_text.as_str()), ("did", subject.as_str())];
    let right = Right::Part(id, &subject, number);
    let (url, _) = service.signed.url("io.atcr.hold.uploadPart", right, &parameters);
    Ok(Json(json!({ "url": url, "method": "PUT", "headers": {} })))
}
