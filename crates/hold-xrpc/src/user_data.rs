//! `io.atcr.hold.exportUserData` and `deleteUserData`: what is kept of somebody, for themselves.

use axum::extract::{Request, State};
use serde_json::{Value, json};
use server::{Json, Problem};

use crate::input::Asked;
use crate::refusal::of_hold;
use crate::service::Served;
use crate::{records, time};

/// Layers of an export; whoever has more is told so.
const MOST_LAYERS: u32 = 50_000;

/// Repositories that are read at once.
const PAGE: u32 = 1000;

/// Repositories of an export.
const MOST_REPOSITORIES: usize = 20_000;

pub(crate) async fn export(State(service): State<Served>, request: Request) -> Result<Json<Value>, Problem> {
    const METHOD: &str = "io.atcr.hold.exportUserData";
    let user = service.caller(request.headers(), METHOD).await?.in_person()?;
    let hold = &service.hold;
    let member = hold.member(&user).await.map_err(of_hold)?;
    let layers = hold.held(&user, MOST_LAYERS + 1).await.map_err(of_hold)?;
    let is_all = layers.len() <= MOST_LAYERS as usize;
    let mut stats = Vec::new();
    let mut after: Option<String> = None;
    while stats.len() < MOST_REPOSITORIES {
        let page = hold.list_stats(&user, after.as_deref(), PAGE).await.map_err(of_hold)?;
        let Some((last, _)) = page.last() else { break };
        after = Some(last.clone());
        stats.extend(page.iter().map(|(repository, counts)| {
            let times = [counts.last_pull, counts.last_push];
            records::stats(&(user.clone(), repository.clone(), *counts), times.into_iter().flatten().max())
        }));
    }
    let layers: Vec<_> = layers.iter().take(MOST_LAYERS as usize).map(records::layer).collect();
    let mut answer = json!({
        "exportedAt": time::written(clock::now_micros()),
        "holdDid": hold.did(),
        "userDid": user,
        "isCaptain": hold.captain().owner == user,
        "layerRecords": layers,
        "statsRecords": stats,
        "blueskyPosts": [],
    });
    if let Some(member) = member {
        answer["crewRecord"] = records::crew(&member).into();
    }
    if !is_all {
        answer["isTruncated"] = true.into();
    }
    Ok(Json(answer))
}

/// Nothing of theirs is needed any more: what nobody else's images need is garbage from now on.
pub(crate) async fn delete(State(service): State<Served>, request: Asked) -> Result<Json<Value>, Problem> {
    const METHOD: &str = "io.atcr.hold.deleteUserData";
    let user = service.caller(request.headers(), METHOD).await?.in_person()?;
    // What was counted a moment ago is of them, too.
    let flushed = service.hold.flush().await;
    let cleared = match flushed {
        Ok(()) => service.hold.clear(&user).await,
        Err(error) => Err(error),
    };
    let cleared = cleared.map_err(|error| of_hold(error).named("DeletionFailed"))?;
    Ok(Json(json!({
        "success": true, "crewDeleted": cleared.was_crew, "layersDeleted": cleared.layers,
        "statsDeleted": cleared.stats,
    })))
}
