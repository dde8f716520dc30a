//! `/oauth`: keys for apps, and the sessions they register (spec/appview.md §3.10).

mod devices;
mod end;
mod end_device;
mod provision;
mod register;
mod show;

use atproto::Did;
use http::StatusCode;
use server::{Access, Route};

use crate::clients::{
    ClientError, Clients,
    headers::{DPOP, X_CLIENT_KEY, X_CLIENT_SECRET},
};

pub(super) fn keys() -> [Route<Clients>; 1] {
    const PATH: &str = "/oauth/dpop-keys";
    let make = Route::post(PATH, Access::Public, "Make a DPoP key for an app", provision::provision);
    [by_client(make)
        .operation_id("createDpopKey")
        .takes::<provision::Wanted>()
        .gives::<provision::Made>(StatusCode::CREATED)]
}

pub(super) fn sessions() -> [Route<Clients>; 5] {
    const ALL: &str = "/oauth/sessions";
    const ONE: &str = "/oauth/sessions/{did}";
    const DEVICES: &str = "/oauth/sessions/{did}/devices";
    const DEVICE: &str = "/oauth/sessions/{did}/devices/{session_id}";
    let register = Route::post(ALL, Access::Public, "Register a session with a PDS", register::register);
    let show = Route::get(ONE, Access::Public, "Show a session", show::show);
    let end = Route::delete(ONE, Access::Public, "End a session", end::end);
    let devices = Route::get(DEVICES, Access::Public, "List devices", devices::devices);
    let end_device =
        Route::delete(DEVICE, Access::Public, "End the session of a device", end_device::end_device);
    [
        by_client(register)
            .operation_id("registerSession")
            .takes::<register::Register>()
            .gives::<register::Registered>(StatusCode::CREATED),
        by_device(show).operation_id("getSession").gives::<show::View>(StatusCode::OK),
        by_device(end).operation_id("endSession").gives_nothing(StatusCode::NO_CONTENT),
        by_device(devices).operation_id("listDevices").gives_list::<devices::View>(StatusCode::OK),
        by_device(end_device).operation_id("endDevice").gives_nothing(StatusCode::NO_CONTENT),
    ]
}

/// A client proves itself with headers that the shell does not know.
fn by_client(route: Route<Clients>) -> Route<Clients> {
    route
        .required_header(X_CLIENT_KEY, "The client that calls.")
        .header(X_CLIENT_SECRET, "Its secret, if it is a confidential one.")
}

/// So does a device of one of its users, with the key made for it.
fn by_device(route: Route<Clients>) -> Route<Clients> {
    by_client(route).header(DPOP, "A proof (RFC 9449), unless the client shows its secret.")
}

/// The account that a path or a body names.
fn did(text: &str) -> Result<Did, ClientError> {
    Did::parse(text).map_err(|error| ClientError::bad_request(format!("did: {error}")))
}

/// As lists have them on the wire.
fn scopes(text: &str) -> Vec<String> {
    text.split_ascii_whitespace().map(str::to_owned).collect()
}
