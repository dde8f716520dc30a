//! `/device`: where people let devices in. The pages need no script.

mod approve;
mod question;
mod show;
mod sign_in;
mod trouble;

use server::{Access, Caller, Principal, Route};

use super::Auth;

pub(super) fn routes() -> Vec<Route<Auth>> {
    vec![
        Route::get("/device", Access::Delegated, "Show the device that asks to be let in", show::show),
        Route::get("/device/sign-in", Access::Public, "Sign in to approve a device", sign_in::begin),
        Route::post("/device/approve", Access::Delegated, "Let a device in or turn it away", approve::decide),
    ]
}

/// Who sits at the browser: the DID, and the session.
fn visitor(caller: Option<&Caller>) -> Option<(&str, &str)> {
    match &caller?.principal {
        Principal::BrowserSession { did, session_id, .. } => Some((did, session_id)),
        _ => None,
    }
}
