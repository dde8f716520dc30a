//! `/admin/records`.

mod backlinks;
mod checks;
mod collections;
mod delete;
mod invalid;
mod list;
mod purge;
mod show;

use std::time::Duration;

use atproto::Nsid;
use http::StatusCode;
use serde::Deserialize;
use server::{Access, Problem, Route};
use utoipa::IntoParams;

use super::Admin;
use accounts::permissions::{RECORDS_DELETE, RECORDS_DELETE_COLLECTION, RECORDS_READ};

/// Collections may have millions of records.
const PURGE_TIME_LIMIT: Duration = Duration::from_mins(10);

pub(super) fn routes() -> [Route<Admin>; 8] {
    [
        Route::get("/admin/records", RECORDS_READ, "List records of a collection", list::list)
            .operation_id("listRecords")
            .query::<PageOf>()
            .gives::<list::Answer<'_>>(StatusCode::OK),
        Route::get("/admin/records/record", RECORDS_READ, "Show a record", show::show)
            .operation_id("getRecord")
            .query::<OneOf>()
            .gives::<list::View<'_>>(StatusCode::OK),
        Route::get(
            "/admin/records/backlinks",
            RECORDS_READ,
            "List the records that refer to something",
            backlinks::backlinks,
        )
        .operation_id("listBacklinks")
        .query::<backlinks::Request>()
        .gives::<backlinks::Answer>(StatusCode::OK),
        Route::get(
            "/admin/records/collections",
            RECORDS_READ,
            "List collections of record lexicons",
            collections::collections,
        )
        .operation_id("listCollections")
        .gives::<collections::Answer>(StatusCode::OK),
        Route::get(
            "/admin/records/invalid",
            RECORDS_READ,
            "List records that are not what their lexicon says",
            invalid::invalid,
        )
        .operation_id("listInvalidRecords")
        .query::<PageOf>()
        .gives::<invalid::Answer>(StatusCode::OK),
        Route::get(
            "/admin/records/checks",
            RECORDS_READ,
            "Show how far records have been compared with their lexicons",
            checks::checks,
        )
        .operation_id("listRecordChecks")
        .gives_list::<checks::View>(StatusCode::OK),
        Route::delete("/admin/records", RECORDS_DELETE, "Remove a record from the index", delete::delete)
            .operation_id("removeRecord")
            .query::<OneOf>()
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::delete(
            "/admin/records/collection",
            Access::AllOf(&[RECORDS_DELETE, RECORDS_DELETE_COLLECTION]),
            "Remove a collection's records from the index",
            purge::purge,
        )
        .operation_id("purgeCollection")
        .time_limit(PURGE_TIME_LIMIT)
        .query::<purge::Request>()
        .gives::<purge::Answer>(StatusCode::OK),
    ]
}

/// Which record.
#[derive(Deserialize, IntoParams)]
pub(crate) struct OneOf {
    /// The record's AT URI.
    uri: String,
}

/// Which page of which collection.
#[derive(Deserialize, IntoParams)]
pub(crate) struct PageOf {
    /// The collection's NSID.
    collection: String,
    /// How many, from 1 to 100. Default: 20.
    #[param(value_type = Option<u32>)]
    limit: Option<String>,
    /// Where the previous page ended.
    cursor: Option<String>,
}

fn collection(text: &str) -> Result<Nsid, Problem> {
    Nsid::parse(text).map_err(|error| Problem::bad_request(format!("collection: {error}")))
}
