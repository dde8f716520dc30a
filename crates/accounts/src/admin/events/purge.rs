//! `POST /admin/events/purge`.

use axum::extract::State;
use events::{Event, kinds};
use serde::{Deserialize, Serialize};
use serde_json::json;
use server::{Json, Problem};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use utoipa::ToSchema;

use super::problem;
use crate::{Accounts, Actor};

/// What to delete: the events from before a moment, or all.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EventPurge)]
pub(crate) struct Purge {
    /// A time such as `2026-01-31T12:00:00Z`.
    #[schema(format = DateTime)]
    before: Option<String>,
    #[serde(default)]
    all: bool,
}

/// What was deleted.
#[derive(Serialize, ToSchema)]
#[schema(as = EventsPurged)]
pub(crate) struct Purged {
    deleted: u64,
}

/// That events are gone is an event itself: the first of an empty log.
pub(super) async fn purge(
    State(accounts): State<Accounts>,
    actor: Actor,
    Json(purge): Json<Purge>,
) -> Result<Json<Purged>, Problem> {
    let before = purge.before()?;
    let deleted = accounts.events.purge(before).await.map_err(problem::of)?;
    accounts.events.record(
        Event::new(kinds::EVENT_LOG_PURGED)
            .actor(actor.did())
            .detail(json!({ "before": purge.before, "deleted": deleted })),
    );
    Ok(Json(Purged { deleted }))
}

impl Purge {
    /// `None` for all. Nothing at all is more likely a mistake than a wish.
    fn before(&self) -> Result<Option<OffsetDateTime>, Problem> {
        match (&self.before, self.all) {
            (None, true) => Ok(None),
            (Some(before), false) => {
                let before = OffsetDateTime::parse(before, &Rfc3339);
                before
                    .map(Some)
                    .map_err(|_| Problem::bad_request("before: not a time such as 2026-01-31T12:00:00Z"))
            }
            _ => Err(Problem::bad_request("give either `before`, a time, or `\"all\": true`")),
        }
    }
}
