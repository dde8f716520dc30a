//! `GET /admin/network-lexicons`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use server::{Json, Problem};
use utoipa::ToSchema;

use crate::admin::{Admin, problem::problem};
use crate::lexicons::Source;
use crate::timestamp;

/// A lexicon that follows its publisher.
#[derive(Serialize, ToSchema)]
#[schema(as = NetworkLexicon)]
pub(super) struct View<'a> {
    nsid: &'a str,
    #[schema(required)]
    authority_did: Option<&'a str>,
    #[schema(required)]
    target_collection: Option<&'a str>,
    #[serde(serialize_with = "timestamp::serialize_opt")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_fetched_at: Option<i64>,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    created_at: i64,
}

/// All network lexicons, by NSID.
pub(crate) async fn list(State(admin): State<Admin>) -> Result<Response, Problem> {
    let lexicons = admin.catalogue.lexicons().list().await.map_err(problem)?;
    let views: Vec<_> = lexicons
        .iter()
        .filter(|lexicon| lexicon.source == Source::Network)
        .map(|lexicon| View {
            nsid: &lexicon.id,
            authority_did: lexicon.authority_did.as_deref(),
            target_collection: lexicon.target_collection.as_deref(),
            last_fetched_at: lexicon.last_fetched_at,
            created_at: lexicon.created_at,
        })
        .collect();
    Ok(Json(views).into_response())
}
