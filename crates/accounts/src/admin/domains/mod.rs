//! `/admin/domains`.

mod add;
mod list;
mod promote;
mod remove;
mod view;

use http::StatusCode;
use server::Route;

use self::view::View;
use crate::{Accounts, permissions::SETTINGS_MANAGE};

pub(super) fn routes() -> Vec<Route<Accounts>> {
    vec![
        Route::get("/admin/domains", SETTINGS_MANAGE, "List domains", list::list)
            .gives_list::<View>(StatusCode::OK)
            .operation_id("listDomains"),
        Route::post("/admin/domains", SETTINGS_MANAGE, "Add a domain", add::add)
            .takes::<add::Add>()
            .gives::<View>(StatusCode::CREATED)
            .operation_id("addDomain"),
        Route::delete("/admin/domains/{id}", SETTINGS_MANAGE, "Remove a domain", remove::remove)
            .gives_nothing(StatusCode::NO_CONTENT)
            .operation_id("removeDomain"),
        Route::post(
            "/admin/domains/{id}/primary",
            SETTINGS_MANAGE,
            "Make a domain the primary one",
            promote::promote,
        )
        .gives_nothing(StatusCode::NO_CONTENT)
        .operation_id("setPrimaryDomain"),
    ]
}
