//! `io.atcr.hold.getStats`, `listStats` and `setStats` (spec/registry.md §4.8).

use axum::extract::{Request, State};
use hold::{Recount, Stats};
use serde::Deserialize;
use serde_json::{Value, json};
use server::{Json, Problem};

use crate::input::{self, Asked};
use crate::refusal::{invalid, of_hold};
use crate::service::Served;
use crate::time;

/// Repositories of a page.
const MOST: u32 = 100;

#[derive(Deserialize)]
struct One {
    did: String,
    repo: String,
}

pub(crate) async fn get(State(service): State<Served>, request: Request) -> Result<Json<Value>, Problem> {
    let One { did, repo } = input::query(request.uri())?;
    let owner = input::did(&did, "InvalidRequest")?;
    input::repository(&repo, "InvalidRequest")?;
    let stats = service.hold.stats(&owner, &repo).await.map_err(of_hold)?;
    Ok(Json(counts(&stats)))
}

#[derive(Deserialize)]
struct Many {
    did: String,
    cursor: Option<String>,
    limit: Option<u32>,
}

pub(crate) async fn list(State(service): State<Served>, request: Request) -> Result<Json<Value>, Problem> {
    let Many { did, cursor, limit } = input::query(request.uri())?;
    let owner = input::did(&did, "InvalidRequest")?;
    let limit = limit.unwrap_or(MOST).clamp(1, MOST);
    let listed = service.hold.list_stats(&owner, cursor.as_deref(), limit).await.map_err(of_hold)?;
    let next = listed.last().filter(|_| listed.len() >= limit as usize).map(|(name, _)| name.clone());
    let stats: Vec<_> = listed
        .iter()
        .map(|(repository, stats)| {
            let mut counts = counts(stats);
            counts["repository"] = repository.as_str().into();
            counts
        })
        .collect();
    let mut answer = json!({ "stats": stats });
    if let Some(next) = next {
        answer["cursor"] = next.into();
    }
    Ok(Json(answer))
}

fn counts(stats: &Stats) -> Value {
    let mut counts = json!({ "pullCount": stats.pulls, "pushCount": stats.pushes });
    for (name, time) in [("lastPull", stats.last_pull), ("lastPush", stats.last_push)] {
        if let Some(time) = time {
            counts[name] = time::written(time).into();
        }
    }
    counts
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Set {
    owner_did: String,
    repository: String,
    pull_count: Option<i64>,
    push_count: Option<i64>,
    last_pull: Option<String>,
    last_push: Option<String>,
}

/// For whoever moves to this hold and takes the counts along.
pub(crate) async fn set(State(service): State<Served>, request: Asked) -> Result<Json<Value>, Problem> {
    const METHOD: &str = "io.atcr.hold.setStats";
    let (_, rights) = service.somebody(request.headers(), METHOD).await?;
    rights.to_administer().map_err(of_hold)?;
    let set: Set = request.json().await?;
    let owner = input::did(&set.owner_did, "InvalidOwner")?;
    input::repository(&set.repository, "InvalidRepository")?;
    if [set.pull_count, set.push_count].into_iter().flatten().any(|count| count < 0) {
        return Err(invalid("a count is never less than nothing"));
    }
    let to = Recount {
        pulls: set.pull_count,
        pushes: set.push_count,
        last_pull: moment(set.last_pull.as_deref())?,
        last_push: moment(set.last_push.as_deref())?,
    };
    service.hold.set_stats(&owner, &set.repository, to).await.map_err(of_hold)?;
    Ok(Json(json!({ "success": true })))
}

fn moment(text: Option<&str>) -> Result<Option<i64>, Problem> {
    let read = |text| time::read(text).ok_or_else(|| invalid("a time is written 2026-01-31T12:00:00Z"));
    text.map(read).transpose()
}
