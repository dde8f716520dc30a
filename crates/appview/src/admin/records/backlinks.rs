//! `GET /admin/records/backlinks?uri=`.

use std::collections::BTreeSet;

use atproto::Nsid;
use axum::extract::State;
use find::Backlinks;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use server::{Json, Problem, Query};
use utoipa::{IntoParams, ToSchema};

use super::collection;
use crate::admin::Admin;
use crate::paging;
use crate::queries::refused;

/// Bytes of what is referred to: the longest AT URI.
const MAX_URI_BYTES: usize = 8192;

#[derive(Deserialize, IntoParams)]
pub(crate) struct Request {
    /// What is referred to, exactly as it stands in the records: an AT URI.
    uri: String,
    /// Only records of this collection. Default: of each that is indexed.
    collection: Option<String>,
    /// How many of each collection, from 1 to 100. Default: 20.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// Where the previous page of the collection ended.
    cursor: Option<String>,
}

/// The records that refer to something.
#[derive(Serialize, ToSchema)]
#[schema(as = Backlinks)]
pub(crate) struct Answer {
    collections: Vec<Page>,
}

/// Those of a collection that has any, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = BacklinkPage)]
struct Page {
    #[schema(value_type = String)]
    collection: Nsid,
    records: Vec<Link>,
    /// Where this page ends, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// A record that refers to something.
#[derive(Serialize, ToSchema)]
#[schema(as = Backlink)]
struct Link {
    uri: String,
    /// The fields in which it does: names with dots, `[]` for any place of a list.
    paths: BTreeSet<String>,
}

/// Which records refer to something, and where in them.
pub(crate) async fn backlinks(
    State(admin): State<Admin>,
    Query(request): Query<Request>,
) -> Result<Json<Answer>, Problem> {
    let Request { uri, collection: of, limit, cursor } = request;
    if !uri.starts_with("at://") || uri.len() > MAX_URI_BYTES {
        return Err(Problem::bad_request("uri must be an AT URI"));
    }
    if cursor.is_some() && of.is_none() {
        return Err(Problem::bad_request("a cursor belongs to a collection; give that, too"));
    }
    let limit = paging::limit(limit.as_deref())?;
    let of = match of {
        Some(of) => vec![collection(&of)?],
        None => admin.catalogue.collections(),
    };
    let mut collections = Vec::new();
    for collection in of {
        let question = Backlinks {
            collection: collection.clone(),
            uri: uri.clone(),
            did: None,
            limit,
            cursor: cursor.clone(),
        };
        let found = admin.insight.find.backlinks(question).await.map_err(refused)?;
        if found.records.is_empty() {
            continue;
        }
        let records = found.records.into_iter().map(|record| {
            let mut paths = BTreeSet::new();
            let json: Value = serde_json::from_str(&record.json).unwrap_or_default();
            fields(&json, &uri, String::new(), &mut paths);
            Link { uri: record.uri, paths }
        });
        collections.push(Page { collection, records: records.collect(), cursor: found.cursor });
    }
    Ok(Json(Answer { collections }))
}

/// The places in a value at which a text stands.
fn fields(value: &Value, text: &str, path: String, found: &mut BTreeSet<String>) {
    match value {
        Value::String(here) if here == text => {
            found.insert(path);
        }
        Value::Array(members) => {
            for member in members {
                fields(member, text, format!("{path}[]"), found);
            }
        }
        Value::Object(members) => {
            let dot = if path.is_empty() { "" } else { "." };
            for (name, member) in members {
                fields(member, text, format!("{path}{dot}{name}"), found);
            }
        }
        _ => {}
    }
}
