//! `/api/v1/markers`: how far somebody has read, for all of their clients.

use axum::extract::{RawQuery, State};
use clock::now_micros;
use serde_json::{Map, Value, json};
use server::{Json, Problem};
use social::Id;
use store::{Conn, v};

use crate::caller::Me;
use crate::entities::instant;
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::services::Services;

const TIMELINES: [&str; 2] = ["home", "notifications"];

pub(super) async fn show(
    State(services): State<Services>,
    Me(me): Me,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let asked = Fields::of_form(query.unwrap_or_default().as_bytes());
    let asked: Vec<_> =
        TIMELINES.into_iter().filter(|it| asked.list("timeline").any(|name| name == *it)).collect();
    let markers = services.state().read_brief(move |conn| read(conn, me, &asked)).await;
    Ok(Json(markers.map_err(Refusal::from)?.into()))
}

pub(super) async fn save(
    State(services): State<Services>,
    Me(me): Me,
    fields: Fields,
) -> Result<Json<Value>, Problem> {
    let mut said = Vec::new();
    for timeline in TIMELINES {
        let Some(id) = fields.filled(&format!("{timeline}[last_read_id]")) else { continue };
        let id: i64 = id.parse().map_err(|_| Refusal::invalid("last_read_id is no id"))?;
        said.push((timeline, id.to_string()));
    }
    let now = now_micros();
    let saved = services.state().write(move |conn| {
        for (timeline, id) in &said {
            conn.execute(
                "INSERT INTO social_markers (user_id, timeline, last_read_id, version, updated_at)
                 VALUES ($1, $2, $3, 1, $4)
                 ON CONFLICT (user_id, timeline) DO UPDATE
                 SET last_read_id = $3, version = social_markers.version + 1, updated_at = $4",
                &[v(me), v(*timeline), v(id), v(now)],
            )?;
            if *timeline == "notifications" {
                conn.execute(
                    "UPDATE social_notifications SET read = 1 WHERE user_id = $1 AND read = 0 AND id <= $2",
                    &[v(me), v(id.parse().unwrap_or(0_i64))],
                )?;
            }
        }
        read(conn, me, &said.iter().map(|(timeline, _)| *timeline).collect::<Vec<_>>())
    });
    Ok(Json(saved.await.map_err(Refusal::from)?.into()))
}

fn read(conn: &mut Conn<'_>, me: Id, timelines: &[&str]) -> Result<Map<String, Value>, store::Error> {
    let rows = conn.query(
        "SELECT timeline, last_read_id, version, updated_at FROM social_markers WHERE user_id = $1",
        &[v(me)],
        |row| {
            let marker = json!({
                "last_read_id": row.text(1)?, "version": row.int(2)?, "updated_at": instant(row.int(3)?),
            });
            Ok::<_, store::Error>((row.string(0)?, marker))
        },
    )?;
    Ok(rows.into_iter().filter(|(timeline, _)| timelines.contains(&&**timeline)).collect())
}
