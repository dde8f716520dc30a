//! `/admin/scripts` and `/admin/script-variables` (spec/appview.md §3.13).

mod change;
mod list;
mod put;
mod remove;
mod show;
mod trial;
mod variables;
mod view;

use http::StatusCode;
use server::{Problem, Route};

use super::Admin;
use crate::{Attempt, Report};
use accounts::permissions::{
    SCRIPT_VARIABLES_CREATE, SCRIPT_VARIABLES_DELETE, SCRIPT_VARIABLES_READ, SCRIPTS_MANAGE, SCRIPTS_READ,
};
use variables::VariableView;
use view::ScriptView;

pub(super) fn routes() -> [Route<Admin>; 9] {
    [
        Route::get("/admin/scripts", SCRIPTS_READ, "List scripts", list::list)
            .operation_id("listScripts")
            .query::<list::Request>()
            .gives_list::<ScriptView>(StatusCode::OK),
        Route::get("/admin/scripts/{id}", SCRIPTS_READ, "Show a script", show::show)
            .operation_id("getScript")
            .gives::<ScriptView>(StatusCode::OK),
        Route::post("/admin/scripts", SCRIPTS_MANAGE, "Add or replace a script", put::put)
            .operation_id("putScript")
            .takes::<put::Request>()
            .gives::<ScriptView>(StatusCode::CREATED)
            .gives::<ScriptView>(StatusCode::OK),
        Route::patch("/admin/scripts/{id}", SCRIPTS_MANAGE, "Change a script", change::change)
            .operation_id("changeScript")
            .takes::<change::Request>()
            .gives::<ScriptView>(StatusCode::OK),
        Route::delete("/admin/scripts/{id}", SCRIPTS_MANAGE, "Remove a script", remove::remove)
            .operation_id("removeScript")
            .gives_nothing(StatusCode::NO_CONTENT),
        Route::post("/admin/scripts/{id}/test", SCRIPTS_MANAGE, "Try a script", trial::trial)
            .operation_id("testScript")
            .takes::<Attempt>()
            .gives::<Report>(StatusCode::OK),
        Route::get(
            "/admin/script-variables",
            SCRIPT_VARIABLES_READ,
            "List script variables",
            variables::list,
        )
        .operation_id("listScriptVariables")
        .gives_list::<VariableView>(StatusCode::OK),
        Route::post(
            "/admin/script-variables",
            SCRIPT_VARIABLES_CREATE,
            "Set a script variable",
            variables::set,
        )
        .operation_id("setScriptVariable")
        .takes::<variables::Request>()
        .gives_nothing(StatusCode::NO_CONTENT),
        Route::delete(
            "/admin/script-variables/{key}",
            SCRIPT_VARIABLES_DELETE,
            "Remove a script variable",
            variables::remove,
        )
        .operation_id("removeScriptVariable")
        .gives_nothing(StatusCode::NO_CONTENT),
    ]
}

/// The operator's mistakes with the reason, ours without.
pub(super) fn problem(error: ::scripts::Error) -> Problem {
    use ::scripts::Error;
    match error {
        Error::Store(_) | Error::Records(_) | Error::Vault(_) => Problem::internal(error),
        Error::FromFile { .. } => Problem::conflict(error.to_string()),
        Error::Type(_) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
        _ => Problem::bad_request(error.to_string()),
    }
}

fn not_found() -> Problem {
    Problem::not_found("script not found")
}
