//! `/admin/settings`.

mod database;
mod list;
mod logo;
mod set;
mod unset;

use http::StatusCode;
use server::Route;

use crate::{Accounts, permissions::SETTINGS_MANAGE};

pub(super) fn routes() -> Vec<Route<Accounts>> {
    vec![
        Route::get("/admin/settings", SETTINGS_MANAGE, "List settings that have a value", list::list)
            .gives_list::<list::View>(StatusCode::OK)
            .operation_id("listSettings"),
        Route::put("/admin/settings/{key}", SETTINGS_MANAGE, "Change a setting", set::set)
            .takes::<set::Set>()
            .gives_nothing(StatusCode::NO_CONTENT)
            .operation_id("setSetting"),
        Route::delete("/admin/settings/{key}", SETTINGS_MANAGE, "Take a setting back", unset::unset)
            .gives_nothing(StatusCode::NO_CONTENT)
            .operation_id("unsetSetting"),
        Route::get("/admin/settings/db-info", SETTINGS_MANAGE, "Describe the database", database::show)
            .gives::<database::View>(StatusCode::OK)
            .operation_id("getDatabaseInfo"),
        Route::put("/admin/settings/logo", SETTINGS_MANAGE, "Upload a logo", logo::put)
            .body_limit(logo::MAX_FORM_BYTES)
            .takes_form::<logo::Form>()
            .gives_nothing(StatusCode::NO_CONTENT)
            .operation_id("uploadLogo"),
        Route::delete("/admin/settings/logo", SETTINGS_MANAGE, "Remove the logo", logo::remove)
            .gives_nothing(StatusCode::NO_CONTENT)
            .operation_id("removeLogo"),
    ]
}
