//! `/admin/api-keys`: one's own keys.

mod create;
mod list;
mod revoke;

use http::StatusCode;
use server::Route;

use crate::{
    Accounts,
    permissions::{API_KEYS_CREATE, API_KEYS_DELETE, API_KEYS_READ},
};

pub(super) fn routes() -> Vec<Route<Accounts>> {
    vec![
        Route::post("/admin/api-keys", API_KEYS_CREATE, "Make an API key", create::create)
            .takes::<create::Create>()
            .gives::<create::Created>(StatusCode::CREATED)
            .operation_id("createApiKey"),
        Route::get("/admin/api-keys", API_KEYS_READ, "List one's API keys", list::list)
            .gives_list::<list::View>(StatusCode::OK)
            .operation_id("listApiKeys"),
        Route::delete("/admin/api-keys/{id}", API_KEYS_DELETE, "Revoke an API key", revoke::revoke)
            .gives_nothing(StatusCode::NO_CONTENT)
            .operation_id("revokeApiKey"),
    ]
}
