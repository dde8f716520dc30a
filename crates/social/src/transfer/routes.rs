//! The routes of what is taken along and brought.

use std::time::Duration;

use http::StatusCode;
use server::{Access, Route};

use super::{accounts, export, import, rss};
use crate::services::Services;

/// A table of 5,000 accounts is shorter.
const MAX_TABLE: usize = 2 << 20;

/// People elsewhere are looked for meanwhile.
const LONGEST: Duration = Duration::from_mins(10);

pub(crate) fn routes() -> Vec<Route<Services>> {
    let known = Access::Authenticated;
    vec![
        Route::get("/social/export", known, "Everything one has here, line by line", export::export)
            .gives_opaque(StatusCode::OK, "application/x-ndjson"),
        Route::get(
            "/social/export/{table}",
            known,
            "`following.csv`, `blocks.csv` or `mutes.csv`, as Mastodon writes them",
            accounts::export,
        )
        .gives_opaque(StatusCode::OK, "text/csv"),
        Route::post(
            "/social/import/{table}",
            known,
            "Do what a table of Mastodon's says: `following`, `blocks` or `mutes`",
            import::import,
        )
        .body_limit(MAX_TABLE)
        .time_limit(LONGEST)
        .takes_opaque("text/csv")
        .gives::<import::Imported>(StatusCode::OK),
        Route::get(
            "/social/users/{username}/rss",
            Access::Public,
            "What somebody writes for everybody, as RSS",
            rss::show,
        )
        .gives_opaque(StatusCode::OK, "application/rss+xml"),
    ]
}
