//! The whole of it at a glance.

use axum::extract::State;
use serde::Serialize;
use server::{Json, Problem};
use store::Conn;
use utoipa::ToSchema;

use super::hosts::{HostView, Which, hosts};
use crate::services::Services;
use crate::wire::instant;
use crate::{Error, Id};

/// Hosts in trouble that are shown here; the list has all of them.
const SHOWN: i64 = 20;

/// What waits for other servers, and which of them are down.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialFederation)]
pub(super) struct Overview {
    deliveries_waiting: i64,
    /// About when the oldest of them was written.
    oldest_delivery_at: Option<String>,
    /// Given up in the last thirty days.
    deliveries_failed: i64,
    /// What happened here and has not been made into deliveries.
    events_waiting: i64,
    oldest_event_at: Option<String>,
    /// Given up: somebody has to decide.
    events_failed: i64,
    hosts_known: i64,
    /// Did not answer the last time.
    hosts_failing: i64,
    /// Have not answered for a week: nothing is sent there until they are heard of.
    hosts_unavailable: i64,
    /// The first twenty of those that are not well.
    troubled: Vec<HostView>,
}

pub(super) async fn show(State(services): State<Services>) -> Result<Json<Overview>, Problem> {
    Ok(Json(services.ask(overview).await?))
}

fn overview(conn: &mut Conn<'_>) -> Result<Overview, Error> {
    let troubled = hosts(conn, Which::Failing, SHOWN, 0)?;
    let counted = conn.query_one(
        "SELECT (SELECT count(*) FROM social_deliveries WHERE state = 'queued'),
                (SELECT min(id) FROM social_deliveries WHERE state = 'queued'),
                (SELECT count(*) FROM social_deliveries WHERE state = 'failed'),
                (SELECT count(*) FROM social_events WHERE failed = 0),
                (SELECT min(created_at) FROM social_events WHERE failed = 0),
                (SELECT count(*) FROM social_events WHERE failed = 1),
                (SELECT count(*) FROM social_hosts),
                (SELECT count(*) FROM social_hosts WHERE failures > 0),
                (SELECT count(*) FROM social_hosts WHERE unavailable = 1)",
        &[],
        |row| {
            Ok::<_, Error>(Overview {
                deliveries_waiting: row.int(0)?,
                oldest_delivery_at: row.opt_int(1)?.map(|id| instant(Id(id).micros())),
                deliveries_failed: row.int(2)?,
                events_waiting: row.int(3)?,
                oldest_event_at: row.opt_int(4)?.map(instant),
                events_failed: row.int(5)?,
                hosts_known: row.int(6)?,
                hosts_failing: row.int(7)?,
                hosts_unavailable: row.int(8)?,
                troubled: Vec::new(),
            })
        },
    );
    Ok(Overview { troubled, ..counted? })
}
