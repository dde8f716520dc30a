//! Labels and their stream as the network has them (`com.atproto.label`): pure functions, no I/O, no clock.

mod fields;
mod frame;
mod json;
mod signature;

pub use fields::{Label, SignedLabel};
pub use frame::{Frame, MAX_FRAME_BYTES};
