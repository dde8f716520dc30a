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
    let domain = relations::domain(services.addresses(), asked(&fields)).map_err(Refusal::from)?;
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
    let names = relations::names_of_domain(services.addresses(), asked(&fields));
    let removed = services
        .social
        .change(move |conn| names.iter().try_for_each(|name| relations::unblock_domain(conn, me, name)));
    let removed = removed.await;
    removed.map_err(Refusal::from)?;
    Ok(Json(json!({})))
}

fn asked(fields: &Fields) -> &str {
    fields.filled("domain").unwrap_or_default()
}
