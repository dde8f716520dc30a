//! Hosts that somebody wants to see nothing of.

use axum::extract::State;
use clock::now_micros;
use serde_json::{Value, json};
use server::{Json, Problem};
use social::relations;
use store::v;

use crate::caller::Me;
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::services::Services;

/// Hosts of one person.
const MAX: i64 = 1000;

pub(super) async fn list(State(services): State<Services>, Me(me): Me) -> Result<Json<Vec<String>>, Problem> {
    let sql = "SELECT domain FROM social_user_domain_blocks WHERE user_id = $1 ORDER BY domain";
    let read = services.state().read(move |conn| conn.query(sql, &[v(me)], |row| row.string(0)));
    Ok(Json(read.await.map_err(Refusal::from)?))
}

pub(super) async fn block(
    State(services): State<Services>,
    Me(me): Me,
    fields: Fields,
) -> Result<Json<Value>, Problem> {
    let domain = domain(&fields)?;
    let written = services.social.change(move |conn| {
        let sql = "SELECT count(*) FROM social_user_domain_blocks WHERE user_id = $1";
        if conn.query_one(sql, &[v(me)], |row| row.int(0))? >= MAX {
            return Err(social::Error::Invalid(format!("there are {MAX} blocked hosts already")));
        }
        relations::block_domain(conn, now_micros(), me, &domain)
    });
    written.await.map_err(Refusal::from)?;
    Ok(Json(json!({})))
}

pub(super) async fn unblock(
    State(services): State<Services>,
    Me(me): Me,
    fields: Fields,
) -> Result<Json<Value>, Problem> {
    let domain = domain(&fields)?;
    let removed = services.social.change(move |conn| relations::unblock_domain(conn, me, &domain)).await;
    removed.map_err(Refusal::from)?;
    Ok(Json(json!({})))
}

fn domain(fields: &Fields) -> Result<String, Refusal> {
    let text = fields.filled("domain").unwrap_or_default().trim().to_lowercase();
    let is_host = |text: &str| url::Host::parse(text.split(':').next().unwrap_or_default()).is_ok();
    if text.is_empty() || text.len() > 255 || !is_host(&text) {
        return Err(Refusal::invalid("domain is no host"));
    }
    Ok(text)
}
