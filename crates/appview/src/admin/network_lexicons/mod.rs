//! `/admin/network-lexicons`.

mod add;
mod list;
mod preview;
mod remove;

use atproto::Nsid;
use http::StatusCode;
use server::{Problem, Route};

use super::Admin;
use accounts::permissions::{LEXICONS_CREATE, LEXICONS_DELETE, LEXICONS_READ};

pub(super) fn routes() -> [Route<Admin>; 4] {
    [
        Route::post(
            "/admin/network-lexicons",
            LEXICONS_CREATE,
            "Add a lexicon that follows its publisher",
            add::add,
        )
        .operation_id("addNetworkLexicon")
        .takes::<add::Request>()
        .gives::<add::Answer<'_>>(StatusCode::CREATED),
        Route::get(
            "/admin/network-lexicons",
            LEXICONS_READ,
            "List lexicons that follow their publisher",
            list::list,
        )
        .operation_id("listNetworkLexicons")
        .gives_list::<list::View<'_>>(StatusCode::OK),
        Route::get(
            "/admin/network-lexicons/resolve/{nsid}",
            LEXICONS_READ,
            "Show a published lexicon without adding it",
            preview::preview,
        )
        .operation_id("previewNetworkLexicon")
        .gives::<preview::View<'_>>(StatusCode::OK),
        Route::delete(
            "/admin/network-lexicons/{nsid}",
            LEXICONS_DELETE,
            "Remove a lexicon that follows its publisher",
            remove::remove,
        )
        .operation_id("removeNetworkLexicon")
        .gives_nothing(StatusCode::NO_CONTENT),
    ]
}

fn nsid(text: &str) -> Result<Nsid, Problem> {
    Nsid::parse(text).map_err(|error| Problem::bad_request(format!("nsid: {error}")))
}
