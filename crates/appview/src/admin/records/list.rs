//! `GET /admin/records`.

use atproto::Nsid;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use labels::AcceptLabelers;
use records::{ListQuery, Record};
use serde::Serialize;
use serde_json::value::RawValue;
use server::{Json, Problem, Query};
use utoipa::ToSchema;

use super::{PageOf, collection};
use crate::admin::Admin;
use crate::{Validation, paging, timestamp};

/// A page of records, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordPage)]
pub(super) struct Answer<'a> {
    records: Vec<View<'a>>,
    /// Where this page ends, if there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    cursor: Option<String>,
}

/// A record of the index.
#[derive(Serialize, ToSchema)]
#[schema(as = Record)]
pub(super) struct View<'a> {
    uri: &'a str,
    did: &'a str,
    collection: &'a str,
    rkey: &'a str,
    #[schema(required)]
    cid: Option<&'a str>,
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    indexed_at: i64,
    /// As its author wrote it.
    #[schema(value_type = Object)]
    record: &'a RawValue,
    /// What labelers say of it, and its author in the record itself.
    labels: Vec<Label>,
    /// Why it is not what its lexicon says, where that is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    invalid: Option<Invalid>,
}

/// Why a record is not what its lexicon says.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordFlaw)]
struct Invalid {
    /// Where in the record, as a JSON Pointer.
    path: String,
    problem: String,
}

/// What somebody says of a record.
#[derive(Serialize, ToSchema)]
struct Label {
    src: String,
    uri: String,
    val: String,
    cts: String,
}

/// The newest records of a collection.
pub(crate) async fn list(
    State(admin): State<Admin>,
    Query(request): Query<PageOf>,
) -> Result<Response, Problem> {
    let collection = collection(&request.collection)?;
    let query = ListQuery {
        collection: collection.clone(),
        did: None,
        limit: paging::limit(request.limit.as_deref())?,
        after: paging::cursor(request.cursor.as_deref())?,
    };
    let page = admin.records.list(query).await.map_err(Problem::internal)?;
    let records = views(&admin, &collection, &page.records).await?;
    let cursor = page.next.map(|next| next.to_string());
    Ok(Json(Answer { records, cursor }).into_response())
}

/// Records of a collection with what is said of them.
pub(super) async fn views<'a>(
    admin: &Admin,
    collection: &'a Nsid,
    records: &'a [Record],
) -> Result<Vec<View<'a>>, Problem> {
    let labels = admin.labelling.labels.of_records(records, &AcceptLabelers::All).await;
    let mut flaws = flaws(admin, collection, records).await?.into_iter();
    let views: Result<Vec<_>, _> = records
        .iter()
        .zip(labels.map_err(Problem::internal)?)
        .map(|(record, labels)| view(record, collection.as_str(), labels, flaws.next().flatten()))
        .collect();
    views.map_err(Problem::internal)
}

/// What is wrong with each of them. Most lexicons do not ask.
async fn flaws(
    admin: &Admin,
    collection: &Nsid,
    records: &[Record],
) -> Result<Vec<Option<Invalid>>, Problem> {
    if admin.catalogue.validation(collection.as_str()) == Validation::Off {
        return Ok(Vec::new());
    }
    let names = records.iter().map(|record| (record.did().to_owned(), record.rkey().to_owned())).collect();
    let flaws = admin.checks.of(collection, names).await.map_err(Problem::internal)?;
    let invalid = |(path, problem)| Invalid { path, problem };
    Ok(flaws.into_iter().map(|flaw| flaw.map(invalid)).collect())
}

fn view<'a>(
    record: &'a Record,
    collection: &'a str,
    labels: Vec<labels::Label>,
    invalid: Option<Invalid>,
) -> Result<View<'a>, serde_json::Error> {
    Ok(View {
        uri: &record.uri,
        did: record.did(),
        collection,
        rkey: record.rkey(),
        cid: record.cid.as_deref(),
        indexed_at: record.indexed_at,
        record: serde_json::from_str(&record.json)?,
        labels: labels.into_iter().map(Label::from).collect(),
        invalid,
    })
}

impl From<labels::Label> for Label {
    fn from(labels::Label { src, uri, val, cts, .. }: labels::Label) -> Self {
        Self { src, uri, val, cts }
    }
}
