//! What clients say, one file for each thing it is about.

pub(super) mod app_state;
pub(super) mod machines;
pub(super) mod message;
pub(super) mod presence;
pub(super) mod rpc;
pub(super) mod sessions;
