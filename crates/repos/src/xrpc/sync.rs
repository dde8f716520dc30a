//! `com.atproto.sync`: blocks and blobs.

use std::convert::Infallible;

use atproto::{Cid, Nsid, RecordKey};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use serde::Deserialize;
use serde_json::{Value, json};
use server::{Json, Problem};

use super::Surface;
use super::surface::{invalid, parameters, problem};
use crate::{RepoStatus, Status};

const CAR: &str = "application/vnd.ipld.car";

#[derive(Deserialize)]
struct Repo {
    did: String,
}

#[derive(Deserialize)]
struct OneBlob {
    did: String,
    cid: String,
}

/// `getBlob`. What anybody uploaded is shown by no browser as a page of ours.
pub(super) async fn get_blob(State(surface): State<Surface>, request: Request) -> Result<Response, Problem> {
    let request = match surface.other_blob(request).await {
        Ok(answer) => return Ok(answer),
        Err(request) => *request,
    };
    let OneBlob { did, cid } = parameters(&request)?;
    let Some(entry) = surface.home(&did)? else { return surface.elsewhere(&did, request).await };
    let cid = Cid::parse(&cid).map_err(|error| invalid(&error))?;
    let blob = surface.repos.blob(&entry.did, &cid).await.map_err(problem)?;
    let blob = blob.ok_or_else(|| Problem::bad_request("Blob not found").named("BlobNotFound"))?;
    let headers = [
        (CONTENT_TYPE, blob.mime),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{cid}\"")),
    ];
    Ok((headers, blob.bytes).into_response())
}

/// `getRepo`, always whole.
pub(super) async fn get_repo(State(surface): State<Surface>, request: Request) -> Result<Response, Problem> {
    let Repo { did } = parameters(&request)?;
    let Some(entry) = surface.home(&did)? else { return surface.elsewhere(&did, request).await };
    let pieces = surface.repos.export(&entry.did).await.map_err(problem)?;
    let body = Body::from_stream(pieces.map(Ok::<_, Infallible>));
    Ok(([(CONTENT_TYPE, CAR)], body).into_response())
}

#[derive(Deserialize)]
struct OneRecord {
    did: String,
    collection: String,
    rkey: String,
}

/// `getRecord`: a proof, also that there is none.
pub(super) async fn get_record(
    State(surface): State<Surface>,
    request: Request,
) -> Result<Response, Problem> {
    let asked: OneRecord = parameters(&request)?;
    let Some(entry) = surface.home(&asked.did)? else { return surface.elsewhere(&asked.did, request).await };
    let collection = Nsid::parse(&asked.collection).map_err(|error| invalid(&error))?;
    let rkey = RecordKey::parse(&asked.rkey).map_err(|error| invalid(&error))?;
    let car = surface.repos.proof(&entry.did, &collection, &rkey).await.map_err(problem)?;
    Ok(([(CONTENT_TYPE, CAR)], car).into_response())
}

/// `getLatestCommit`.
pub(super) async fn latest_commit(
    State(surface): State<Surface>,
    request: Request,
) -> Result<Response, Problem> {
    let Repo { did } = parameters(&request)?;
    let Some(entry) = surface.home(&did)? else { return surface.elsewhere(&did, request).await };
    let head = surface.repos.head(&entry.did).await.map_err(problem)?;
    Ok(Json(json!({ "cid": head.commit.cid, "rev": head.commit.rev })).into_response())
}

/// `getRepoStatus`.
pub(super) async fn status(State(surface): State<Surface>, request: Request) -> Result<Response, Problem> {
    let Repo { did } = parameters(&request)?;
    let Some(entry) = surface.home(&did)? else { return surface.elsewhere(&did, request).await };
    let status = surface.repos.status(&entry.did).await.map_err(problem)?;
    let mut body = standing(&status);
    if status.status == Status::Active {
        body["rev"] = json!(status.commit.rev);
    }
    Ok(Json(body).into_response())
}

#[derive(Deserialize)]
struct Page {
    limit: Option<u32>,
    cursor: Option<i64>,
}

/// `listRepos`.
pub(super) async fn list_repos(
    State(surface): State<Surface>,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let asked: Page = parameters(&request)?;
    let page = surface.repos.page(asked.cursor.unwrap_or(0), asked.limit.unwrap_or(500)).await;
    let page = page.map_err(problem)?;
    let repos: Vec<Value> = page.repos.iter().map(listed).collect();
    let mut body = json!({ "repos": repos });
    if let Some(next) = page.next {
        body["cursor"] = next.to_string().into();
    }
    Ok(Json(body))
}

fn listed(repo: &RepoStatus) -> Value {
    let mut body = standing(repo);
    body["head"] = json!(repo.commit.cid);
    body["rev"] = json!(repo.commit.rev);
    body
}

fn standing(repo: &RepoStatus) -> Value {
    let mut body = json!({ "did": repo.did, "active": repo.status == Status::Active });
    if let Some(reason) = repo.status.reason() {
        body["status"] = reason.into();
    }
    body
}
