//! Keys made for apps: one for each device of each user (spec/appview.md §7.3).
//!
//! The app gets the private key, signs in with it, and signs its requests with it. The server keeps a sealed copy, because
//! the user's PDS wants the same key when the server calls it on the user's behalf.

mod expire;
mod find;
mod limit;
mod provision;

use std::time::Duration;

pub(super) use find::ProvisionedKey;

/// How long a key waits for its user to sign in.
const UNUSED_LIFETIME: Duration = Duration::from_hours(1);
