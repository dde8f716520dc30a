//! Events that could not be made into deliveries.

use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use server::{Json, Path, Problem, Query};
use store::v;
use utoipa::ToSchema;

use crate::Error;
use crate::services::Services;
use crate::wire::{Page, Paging, instant};

/// Something that happened here, and that others could not be told of.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialFailedEvent)]
pub(super) struct FailedEvent {
    id: i64,
    /// Its `type`, and the ids of what it is about.
    #[schema(value_type = Object)]
    event: Value,
    attempts: i64,
    error: Option<String>,
    created_at: String,
}

/// A page of such events.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialFailedEvents)]
pub(super) struct FailedEvents {
    items: Vec<FailedEvent>,
    total: i64,
    page: i64,
    per_page: i64,
}

impl From<Page<FailedEvent>> for FailedEvents {
    fn from(page: Page<FailedEvent>) -> Self {
        let Page { items, total, page, per_page } = page;
        Self { items, total, page, per_page }
    }
}

type Done = Result<StatusCode, Problem>;

pub(super) async fn list(
    State(services): State<Services>,
    Query(paging): Query<Paging>,
) -> Result<Json<FailedEvents>, Problem> {
    let (limit, offset) = (paging.limit(), paging.offset()?);
    let page = services.ask(move |conn| {
        let total: i64 =
            conn.query_one("SELECT count(*) FROM social_events WHERE failed = 1", &[], |row| row.int(0))?;
        let sql = "SELECT seq, data, attempts, error, created_at FROM social_events WHERE failed = 1
                   ORDER BY seq DESC LIMIT $1 OFFSET $2";
        let events = conn.query(sql, &[v(limit), v(offset)], |row| {
            Ok::<_, Error>(FailedEvent {
                id: row.int(0)?,
                // One that is no JSON is one that failed.
                event: serde_json::from_str(row.text(1)?).unwrap_or_default(),
                attempts: row.int(2)?,
                error: row.opt_text(3)?.map(str::to_owned),
                created_at: instant(row.int(4)?),
            })
        })?;
        Ok(paging.of(events, total).into())
    });
    Ok(Json(page.await?))
}

pub(super) async fn retry(State(services): State<Services>, Path(id): Path<i64>) -> Done {
    let (now, sql) = (
        clock::now_micros(),
        "UPDATE social_events SET failed = 0, attempts = 0, due_at = $2 WHERE seq = $1 AND failed = 1",
    );
    done(services.change(move |conn| Ok(conn.execute(sql, &[v(id), v(now)])?)).await?)
}

pub(super) async fn forget(State(services): State<Services>, Path(id): Path<i64>) -> Done {
    let sql = "DELETE FROM social_events WHERE seq = $1 AND failed = 1";
    done(services.change(move |conn| Ok(conn.execute(sql, &[v(id)])?)).await?)
}

fn done(rows: u64) -> Done {
    if rows == 0 { Err(Error::NotFound("failed event").into()) } else { Ok(StatusCode::NO_CONTENT) }
}
