//! `/admin/lexicons`.

mod add;
mod list;
mod remove;
mod show;
mod view;

use http::StatusCode;
use server::Route;

use super::Admin;
use accounts::permissions::{LEXICONS_CREATE, LEXICONS_DELETE, LEXICONS_READ};
use view::LexiconView;

pub(super) fn routes() -> [Route<Admin>; 4] {
    [
        Route::post("/admin/lexicons", LEXICONS_CREATE, "Add or replace a lexicon", add::add)
            .operation_id("addLexicon")
            .takes::<add::Request>()
            .gives::<add::Answer<'_>>(StatusCode::CREATED)
            .gives::<add::Answer<'_>>(StatusCode::OK),
        Route::get("/admin/lexicons", LEXICONS_READ, "List lexicons", list::list)
            .operation_id("listLexicons")
            .gives_list::<LexiconView<'_>>(StatusCode::OK),
        Route::get("/admin/lexicons/{id}", LEXICONS_READ, "Show a lexicon", show::show)
            .operation_id("getLexicon")
            .gives::<LexiconView<'_>>(StatusCode::OK),
        Route::delete("/admin/lexicons/{id}", LEXICONS_DELETE, "Remove a lexicon", remove::remove)
            .operation_id("removeLexicon")
            .gives_nothing(StatusCode::NO_CONTENT),
    ]
}
