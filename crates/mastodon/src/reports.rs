//! `POST /api/v1/reports`: somebody tells the moderators of somebody.

use axum::extract::State;
use clock::now_micros;
use serde_json::{Value, json};
use server::{Json, Problem};
use social::Id;
use store::{Conn, v};

use crate::accounts::find;
use crate::caller::Me;
use crate::entities::{Account, instant};
use crate::fields::Fields;
use crate::need::{Need, Row, post};
use crate::refusal::Refusal;
use crate::services::Services;

const MAX_COMMENT: usize = 1000;
const MAX_STATUSES: usize = 40;

/// Reports of one person in a day.
const MAX_A_DAY: i64 = 100;

pub(crate) fn rows() -> Vec<Row> {
    vec![post("/api/v1/reports", Need::User("write:reports"), "Report somebody", report)]
}

async fn report(
    State(services): State<Services>,
    Me(me): Me,
    fields: Fields,
) -> Result<Json<Value>, Problem> {
    let target = fields.filled("account_id").and_then(|id| id.parse().ok()).ok_or(Refusal::NotFound)?;
    let statuses: Vec<Id> =
        fields.list("status_ids").filter_map(|id| id.parse().ok()).take(MAX_STATUSES).collect();
    let comment = fields.text("comment").unwrap_or_default().to_owned();
    if comment.chars().count() > MAX_COMMENT {
        return Err(Refusal::invalid(format!("comment has more than {MAX_COMMENT} characters")).into());
    }
    let category =
        fields.filled("category").filter(|it| ["spam", "legal", "violation"].contains(it)).unwrap_or("other");
    let (category, now) = (category.to_owned(), now_micros());
    let (said, addresses) = (comment.clone(), services.addresses().clone());
    let kind = category.clone();
    let done = services.social.change(move |conn| {
        let target = find(conn, target)?;
        let sql = "SELECT count(*) FROM social_reports WHERE reporter_id = $1 AND created_at > $2";
        let since = now - 24 * 3600 * 1_000_000;
        if conn.query_one(sql, &[v(me), v(since)], |row| row.int(0))? >= MAX_A_DAY {
            return Err(social::Error::Forbidden("you have reported enough for today"));
        }
        let (uuid, about) = (uuid::Uuid::new_v4().to_string(), uuids(conn, target.id, &statuses)?);
        let sql = "INSERT INTO social_reports (id, uuid, reporter_id, target_id, thoughts, category, comment, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
        let made = Id::insert(conn, "social_reports", now, |conn, id| {
            let params = [v(id), v(&uuid), v(me), v(target.id), v(&about), v(&kind), v(&said), v(now)];
            conn.execute(sql, &params)
        })?;
        let id = made.ok_or(social::Error::Busy)?;
        Ok((id, Account::new(&target, &addresses)))
    });
    let (id, account) = done.await.map_err(Refusal::from)?;
    Ok(Json(json!({
        "id": id,
        "action_taken": false,
        "action_taken_at": null,
        "category": category,
        "comment": comment,
        "forwarded": false,
        "created_at": instant(now),
        "status_ids": fields.list("status_ids").collect::<Vec<_>>(),
        "rule_ids": null,
        "target_account": account,
    })))
}

/// Those of the statuses that somebody wrote, by uuid, as JSON.
fn uuids(conn: &mut Conn<'_>, author: Id, ids: &[Id]) -> Result<String, social::Error> {
    let mut uuids: Vec<String> = Vec::new();
    for id in ids {
        let sql = "SELECT uuid FROM social_thoughts WHERE id = $1 AND user_id = $2";
        uuids.extend(conn.query_opt(sql, &[v(*id), v(author)], |row| row.string(0))?);
    }
    Ok(serde_json::to_string(&uuids)?)
}
