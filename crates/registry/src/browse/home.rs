//! `GET /api/registry`: what happened lately, and what people like.

use axum::extract::State;
use serde::Serialize;
use server::{Json, Problem};
use utoipa::ToSchema;

use super::views::CardView;
use super::visit::Visit;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Entries of each list.
const MOST: u32 = 24;

/// What the first page shows.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryHome)]
pub(super) struct Home {
    /// The host that clients write in front of names.
    service: String,
    /// What was pushed last, newest first.
    recent: Vec<CardView>,
    /// What most people like.
    starred: Vec<CardView>,
}

pub(super) async fn show(State(registry): State<Registry>, visit: Visit) -> Result<Json<Home>, Problem> {
    let recent = registry.index.recent(MOST).await.map_err(Refusal::from)?;
    let starred = registry.index.starred(MOST).await.map_err(Refusal::from)?;
    let home = Home {
        service: registry.auth.config().service.clone(),
        recent: registry.cards(&visit, recent).await?,
        starred: registry.cards(&visit, starred).await?,
    };
    Ok(Json(home))
}
