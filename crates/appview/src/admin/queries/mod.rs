//! `/admin/queries`, `/admin/indexes`.

mod explain;
mod indexes;
mod list;
mod slow;

use accounts::permissions::{LEXICONS_READ, STATS_READ};
use http::StatusCode;
use server::Route;

use super::Admin;
use crate::queries::{ExplainedView, IndexView, QueryView, SlowView};

pub(super) fn routes() -> [Route<Admin>; 4] {
    [
        Route::get(
            "/admin/queries",
            LEXICONS_READ,
            "List queries, what they mean and their indexes",
            list::list,
        )
        .operation_id("listQueries")
        .gives_list::<QueryView>(StatusCode::OK),
        Route::get("/admin/queries/slow", STATS_READ, "List the slowest calls of queries", slow::slow)
            .operation_id("listSlowQueries")
            .gives_list::<SlowView>(StatusCode::OK),
        Route::get(
            "/admin/queries/{nsid}/explain",
            LEXICONS_READ,
            "Say how a query is answered",
            explain::explain,
        )
        .operation_id("explainQuery")
        .gives::<ExplainedView>(StatusCode::OK),
        Route::get(
            "/admin/indexes",
            STATS_READ,
            "List indexes of queries and how far they are",
            indexes::indexes,
        )
        .operation_id("listIndexes")
        .gives_list::<IndexView>(StatusCode::OK),
    ]
}
