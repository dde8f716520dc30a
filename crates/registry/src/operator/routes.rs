//! Which route answers what.

use accounts::permissions::{SETTINGS_MANAGE, STATS_READ};
use http::StatusCode;
use server::{Extension, Route};

use super::{Operator, collections, crew, hold, usage};

/// What the registry adds to the admin API.
pub(crate) fn extension(operator: &Operator) -> Extension {
    let ok = StatusCode::OK;
    let routes = [
        Route::get("/admin/registry/hold", STATS_READ, "Describe the hold of this server", hold::show)
            .operation_id("getRegistryHold")
            .gives::<hold::HoldView>(ok),
        Route::get("/admin/registry/crew", STATS_READ, "List the crew of the hold", crew::list)
            .operation_id("listRegistryCrew")
            .query::<crew::Asked>()
            .gives::<crew::CrewPage>(ok),
        Route::post(
            "/admin/registry/crew",
            SETTINGS_MANAGE,
            "Take somebody on, or change what they may do",
            crew::put,
        )
        .body_limit(crew::BODY)
        .operation_id("putRegistryCrew")
        .takes::<crew::Change>()
        .gives::<crew::MemberView>(ok),
        Route::delete("/admin/registry/crew/{did}", SETTINGS_MANAGE, "Let somebody go", crew::remove)
            .operation_id("removeRegistryCrew")
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::get("/admin/registry/usage", STATS_READ, "List who has how much in the hold", usage::list)
            .operation_id("listRegistryUsage")
            .query::<usage::Asked>()
            .gives::<usage::UsagePage>(ok),
        Route::get("/admin/registry/collect", STATS_READ, "Show garbage collections", collections::show)
            .operation_id("listRegistryCollections")
            .gives::<collections::Overview>(ok),
        Route::post("/admin/registry/collect", SETTINGS_MANAGE, "Collect garbage now", collections::begin)
            .operation_id("collectRegistryGarbage")
            .gives::<collections::RunView>(StatusCode::ACCEPTED),
    ];
    Extension::new("/admin").routes(operator, routes)
}
