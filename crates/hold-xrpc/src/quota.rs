//! `io.atcr.hold.getQuota` and `io.atcr.hold.listTiers`. They tell nothing that the hold's records do not tell.

use axum::extract::{Request, State};
use serde::Deserialize;
use serde_json::{Value, json};
use server::{Json, Problem};

use crate::input;
use crate::refusal::of_hold;
use crate::service::Served;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    user_did: String,
}

pub(crate) async fn get(State(service): State<Served>, request: Request) -> Result<Json<Value>, Problem> {
    let Asked { user_did } = input::query(request.uri())?;
    let user = input::did(&user_did, "InvalidUserDid")?;
    let usage = service.hold.usage(&user).await.map_err(of_hold)?;
    let member = service.hold.member(&user).await.map_err(of_hold)?;
    let mut answer = json!({ "userDid": user, "uniqueBlobs": usage.blobs, "totalSize": usage.bytes });
    if let Some(limit) = usage.limit {
        answer["limit"] = limit.into();
        let tier = member.as_ref().and_then(|member| member.tier.as_deref());
        if let Some(tier) = service.hold.tiers().of(tier) {
            answer["tier"] = tier.into();
        }
    }
    Ok(Json(answer))
}

pub(crate) async fn list_tiers(State(service): State<Served>) -> Json<Value> {
    let ranked = service.hold.tiers().ranked().into_iter().enumerate();
    let tiers: Vec<_> =
        ranked.map(|(rank, (name, quota))| json!({ "name": name, "rank": rank, "quota": quota })).collect();
    Json(json!({ "tiers": tiers }))
}
