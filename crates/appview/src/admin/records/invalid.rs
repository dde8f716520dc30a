//! `GET /admin/records/invalid`.

use atproto::{Did, RecordKey};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;
use server::{Json, Problem, Query};
use utoipa::ToSchema;

use super::{PageOf, collection};
use crate::admin::Admin;
use crate::checks::Flaw;
use crate::{paging, timestamp};

/// A page of records that are not what their lexicon says, by author and key.
#[derive(Serialize, ToSchema)]
#[schema(as = InvalidRecordPage)]
pub(super) struct Answer {
    records: Vec<View>,
    /// Where this page ends, if there may be more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// A record that is in the index and not what its lexicon says.
#[derive(Serialize, ToSchema)]
#[schema(as = InvalidRecord)]
struct View {
    uri: String,
    did: String,
    collection: String,
    rkey: String,
    /// Where in the record, as a JSON Pointer.
    path: String,
    /// What is wrong there.
    problem: String,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    found_at: i64,
    /// As it is kept.
    #[schema(value_type = Object)]
    record: Box<RawValue>,
}

/// Records of a collection that are not what their lexicon says. Those that are gone meanwhile are left out, so a page may
/// have fewer than were asked for.
pub(crate) async fn invalid(
    State(admin): State<Admin>,
    Query(request): Query<PageOf>,
) -> Result<Response, Problem> {
    let collection = collection(&request.collection)?;
    let limit = paging::limit(request.limit.as_deref())?;
    let after = place(request.cursor.as_deref())?;
    let flaws = admin.checks.invalid(&collection, after, limit).await.map_err(Problem::internal)?;
    let last = flaws.last().filter(|_| flaws.len() == limit as usize);
    let cursor = last.map(|flaw| format!("{}/{}", flaw.did, flaw.rkey));
    let with_names: Vec<_> = flaws
        .into_iter()
        .filter_map(|flaw| {
            let (did, rkey) = (Did::parse(&flaw.did).ok()?, RecordKey::parse(&flaw.rkey).ok()?);
            Some(((did, collection.clone(), rkey), flaw))
        })
        .collect();
    let names = with_names.iter().map(|(name, _)| name.clone()).collect();
    let stored = admin.records.stored(names).await.map_err(Problem::internal)?;
    let mut records = Vec::with_capacity(with_names.len());
    for ((_, flaw), stored) in with_names.into_iter().zip(stored) {
        let Some(stored) = stored else { continue };
        let record = RawValue::from_string(stored.json).map_err(Problem::internal)?;
        let Flaw { did, rkey, path, problem, found_at } = flaw;
        let uri = format!("at://{did}/{collection}/{rkey}");
        let collection = collection.to_string();
        records.push(View { uri, did, collection, rkey, path, problem, found_at, record });
    }
    Ok(Json(Answer { records, cursor }).into_response())
}

/// An author and a key, neither of which has a slash.
fn place(cursor: Option<&str>) -> Result<(String, String), Problem> {
    let Some(cursor) = cursor else { return Ok((String::new(), String::new())) };
    let place = cursor.split_once('/').filter(|(did, rkey)| did.len() <= 2048 && rkey.len() <= 512);
    let place = place.ok_or_else(|| Problem::bad_request("cursor is none that this server gave out"))?;
    Ok((place.0.to_owned(), place.1.to_owned()))
}
