//! JSON text to Lua values and back, without a tree in between.

mod decode;
mod encode;

pub(crate) use decode::decode;
pub(crate) use encode::{EncodeError, encode};

/// How deeply arrays and objects may lie in each other.
const MAX_DEPTH: usize = 64;
