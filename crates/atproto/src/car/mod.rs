//! CAR files: content-addressed blocks as they travel.
//!
//! The reading is ours because a block stays a slice of its file, counted against limits over several files;
//! `shrike` lends files or copies blocks out of them. The hash is its own: for blocks of a few hundred bytes
//! none at hand is faster.

mod blocks;
mod error;
mod limits;
mod read;
mod write;

pub use blocks::Blocks;
pub use error::CarError;
pub use limits::Limits;
pub use write::CarWriter;
