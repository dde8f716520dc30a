//! `/oauth`: keys for apps, and the sessions they register (spec/appview.md §3.10).

mod devices;
mod end;
mod end_device;
mod provision;
mod register;
mod show;

pub(super) use devices::devices;
pub(super) use end::end;
pub(super) use end_device::end_device;
pub(super) use provision::provision;
pub(super) use register::register;
pub(super) use show::show;

use atproto::Did;

use crate::clients::ClientError;

/// The account that a path or a body names.
fn did(text: &str) -> Result<Did, ClientError> {
    Did::parse(text).map_err(|error| ClientError::bad_request(format!("did: {error}")))
}

/// As lists have them on the wire.
fn scopes(text: &str) -> Vec<String> {
    text.split_ascii_whitespace().map(str::to_owned).collect()
}
