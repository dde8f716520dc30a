//! Labels and their stream as the network has them (`com.atproto.label`): pure functions, no I/O, no clock.

mod frame;
mod frame_error;
mod json;
mod label;
mod signature;

pub use frame::{Frame, MAX_FRAME_BYTES};
pub use frame_error::FrameError;
pub use label::{Label, SignedLabel};
