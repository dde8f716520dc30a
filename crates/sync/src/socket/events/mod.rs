//! What clients say, one file for each thing it is about.

pub(super) mod app_state;
pub(super) mod artifacts;
pub(super) mod keys;
pub(super) mod machines;
pub(super) mod message;
pub(super) mod presence;
pub(super) mod rpc;
pub(super) mod sessions;
pub(super) mod usage;
