//! `com.atproto.repo`: records as JSON.

use atproto::{Cid, Nsid, RecordKey};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use server::{Json, Problem};

use super::Surface;
use super::surface::{invalid, parameters, problem};
use crate::{ListRecords, Record};

#[derive(Deserialize)]
struct OneRecord {
    repo: String,
    collection: String,
    rkey: String,
    cid: Option<String>,
}

/// `getRecord`.
pub(super) async fn get_record(
    State(surface): State<Surface>,
    request: Request,
) -> Result<Response, Problem> {
    let asked: OneRecord = parameters(&request)?;
    let Some(entry) = surface.home(&asked.repo)? else {
        return surface.elsewhere(&asked.repo, request).await;
    };
    let collection = Nsid::parse(&asked.collection).map_err(|error| invalid(&error))?;
    let rkey = RecordKey::parse(&asked.rkey).map_err(|error| invalid(&error))?;
    let cid = asked.cid.as_deref().map(Cid::parse).transpose().map_err(|error| invalid(&error))?;
    let found = surface.repos.get(&entry.did, &collection, &rkey).await.map_err(problem)?;
    let prefix = format!("at://{}/{collection}/", entry.did);
    match found.filter(|record| cid.is_none_or(|cid| cid == record.cid)) {
        Some(record) => Ok(written(vec![], &prefix, &[record], false)),
        None => {
            let message = format!("Could not locate record: {prefix}{rkey}");
            Err(Problem::bad_request(message).named("RecordNotFound"))
        }
    }
}

#[derive(Deserialize)]
struct ManyRecords {
    repo: String,
    collection: String,
    limit: Option<u32>,
    cursor: Option<String>,
    reverse: Option<bool>,
}

/// `listRecords`.
pub(super) async fn list_records(
    State(surface): State<Surface>,
    request: Request,
) -> Result<Response, Problem> {
    let asked: ManyRecords = parameters(&request)?;
    let Some(entry) = surface.home(&asked.repo)? else {
        return surface.elsewhere(&asked.repo, request).await;
    };
    let collection = Nsid::parse(&asked.collection).map_err(|error| invalid(&error))?;
    let after = asked.cursor.as_deref().map(RecordKey::parse).transpose().map_err(|error| invalid(&error))?;
    let prefix = format!("at://{}/{collection}/", entry.did);
    let (limit, reverse) = (asked.limit.unwrap_or(50), asked.reverse.unwrap_or(false));
    let query = ListRecords { collection, limit, after, reverse };
    let listed = surface.repos.list(&entry.did, query).await.map_err(problem)?;
    let mut out = b"{".to_vec();
    if let Some(next) = &listed.next {
        // The characters of record keys and URIs need no escaping.
        out.extend_from_slice(format!("\"cursor\":\"{next}\",").as_bytes());
    }
    out.extend_from_slice(b"\"records\":[");
    Ok(written(out, &prefix, &listed.records, true))
}

/// Appends records as they are kept; no JSON is parsed.
fn written(mut out: Vec<u8>, prefix: &str, records: &[Record], is_list: bool) -> Response {
    for (number, Record { rkey, cid, json }) in records.iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        let head = format!("{comma}{{\"uri\":\"{prefix}{rkey}\",\"cid\":\"{cid}\",\"value\":");
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(json.as_bytes());
        out.push(b'}');
    }
    if is_list {
        out.extend_from_slice(b"]}");
    }
    ([(CONTENT_TYPE, "application/json")], out).into_response()
}

#[derive(Deserialize)]
struct Repo {
    repo: String,
}

/// `describeRepo`.
pub(super) async fn describe(State(surface): State<Surface>, request: Request) -> Result<Response, Problem> {
    let Repo { repo } = parameters(&request)?;
    let Some(entry) = surface.home(&repo)? else { return surface.elsewhere(&repo, request).await };
    let described = surface.repos.describe(&entry.did).await.map_err(problem)?;
    let document = RawValue::from_string(described.document).map_err(Problem::internal)?;
    let document: serde_json::Value = serde_json::from_str(document.get()).map_err(Problem::internal)?;
    let handle = described.handle.as_ref().map_or(atproto::Handle::INVALID, atproto::Handle::as_str);
    let body = json!({
        "handle": handle,
        "did": described.did,
        "didDoc": document,
        "collections": described.collections,
        "handleIsCorrect": described.handle.is_some(),
    });
    Ok(Json(body).into_response())
}
