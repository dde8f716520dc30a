//! `GET /admin/network-lexicons/resolve/{nsid}`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;
use server::{Json, Path, Problem};
use utoipa::ToSchema;

use super::nsid;
use crate::admin::{Admin, problem::problem};

/// A lexicon as its publisher has it.
#[derive(Serialize, ToSchema)]
#[schema(as = PublishedLexicon)]
pub(super) struct View<'a> {
    nsid: &'a str,
    authority_did: &'a str,
    /// `record`, `query`, `procedure` or `definitions`.
    #[serde(rename = "type")]
    kind: &'static str,
    #[schema(value_type = Object)]
    lexicon_json: &'a RawValue,
}

/// The lexicon as its publisher has it now.
pub(crate) async fn preview(
    State(admin): State<Admin>,
    Path(text): Path<String>,
) -> Result<Response, Problem> {
    let nsid = nsid(&text)?;
    let published = admin.publishers.resolve(&nsid).await.map_err(problem)?;
    let lexicon = published.parse().map_err(problem)?;
    let view = View {
        nsid: nsid.as_str(),
        authority_did: published.authority_did.as_str(),
        kind: lexicon.kind().as_str(),
        lexicon_json: serde_json::from_str(&published.json).map_err(Problem::internal)?,
    };
    Ok(Json(view).into_response())
}
