//! `GET /admin/events`.

use axum::extract::State;
use events::{Query as LogQuery, StoredEvent};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use server::{Json, Problem, Query};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::{filter, problem};
use crate::{Accounts, clock::from_micros, moment};

const DEFAULT_LIMIT: i64 = 50;
const MAX_LIMIT: i64 = 100;

/// Which part of what was found.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Paging {
    /// How many, from 1 to 100; 50 if not given.
    limit: Option<i64>,
    /// The `cursor` of the page before, or a time to begin before.
    cursor: Option<String>,
}

/// Some events, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = EventPage)]
pub(crate) struct Page {
    events: Vec<View>,
    /// Where the next page begins; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct View {
    id: String,
    /// `category.action`
    event_type: String,
    /// `info`, `warn` or `error`.
    severity: String,
    /// Whoever did it; null for the server itself and for the command line.
    #[schema(required)]
    actor_did: Option<String>,
    /// What it was done to.
    #[schema(required)]
    subject: Option<String>,
    #[schema(value_type = Object)]
    detail: Box<RawValue>,
    #[serde(serialize_with = "moment::serialize")]
    created_at: OffsetDateTime,
}

pub(super) async fn list(
    State(accounts): State<Accounts>,
    Query(params): Query<filter::Params>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page>, Problem> {
    let limit = paging.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let cursor = paging.cursor.filter(|cursor| !cursor.is_empty());
    let query = LogQuery {
        filter: params.try_into().map_err(problem::of)?,
        limit: u32::try_from(limit).unwrap_or_default(),
        after: cursor.map(|cursor| cursor.parse()).transpose().map_err(problem::of)?,
    };
    let page = accounts.events.query(query).await.map_err(problem::of)?;
    let events = page.events.into_iter().map(View::new).collect::<Result<_, _>>();
    let cursor = page.next.map(|position| position.to_string());
    Ok(Json(Page { events: events.map_err(Problem::internal)?, cursor }))
}

impl View {
    /// Fails if the stored detail is no JSON.
    fn new(event: StoredEvent) -> Result<Self, serde_json::Error> {
        Ok(Self {
            id: event.id,
            event_type: event.event_type,
            severity: event.severity,
            actor_did: event.actor_did,
            subject: event.subject,
            detail: RawValue::from_string(event.detail)?,
            created_at: from_micros(event.created_at),
        })
    }
}
