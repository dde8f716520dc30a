//! What the streams of the protocol have in common: each message is two values of DAG-CBOR, a header that says what it is, and its body
//! (<https://atproto.com/specs/event-stream>).
//!
//! The order of keys is not looked at, because nothing is hashed; but a key that is there twice has no meaning.

mod error;
mod fields;
mod header;
mod time;

pub use error::FrameError;
pub(crate) use fields::{key, once, pairs, told};
pub(crate) use header::Header;
pub use time::micros;
