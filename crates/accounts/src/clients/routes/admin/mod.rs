//! `/admin/api-clients`.

mod create;
mod list;
mod remove;
mod show;
mod update;
mod view;

use http::StatusCode;
use server::Route;

use crate::clients::Clients;
use crate::permissions::{API_CLIENTS_CREATE, API_CLIENTS_DELETE, API_CLIENTS_EDIT, API_CLIENTS_VIEW};
use view::View;

pub(super) fn routes() -> [Route<Clients>; 5] {
    [
        Route::get("/admin/api-clients", API_CLIENTS_VIEW, "List API clients", list::list)
            .operation_id("listApiClients")
            .query::<list::Filter>()
            .gives_list::<View>(StatusCode::OK),
        Route::post("/admin/api-clients", API_CLIENTS_CREATE, "Make an API client", create::create)
            .operation_id("createApiClient")
            .takes::<create::Create>()
            .gives::<create::Created>(StatusCode::CREATED),
        Route::get("/admin/api-clients/{id}", API_CLIENTS_VIEW, "Show an API client", show::show)
            .operation_id("getApiClient")
            .gives::<View>(StatusCode::OK),
        Route::put("/admin/api-clients/{id}", API_CLIENTS_EDIT, "Change an API client", update::update)
            .operation_id("updateApiClient")
            .takes::<update::Update>()
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::delete("/admin/api-clients/{id}", API_CLIENTS_DELETE, "Remove an API client", remove::remove)
            .operation_id("removeApiClient")
            .gives_nothing(StatusCode::NO_CONTENT),
    ]
}
