//! JSON text to Lua values and back, without a tree in between.

mod decode;
mod encode;
mod key;

pub(crate) use decode::{decode, decode_json};
pub(crate) use encode::{EncodeError, encode};

/// How deeply arrays and objects may lie in each other.
const MAX_DEPTH: usize = 64;
