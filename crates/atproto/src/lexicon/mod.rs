//! Lexicons: the schemas that decide what the server indexes and serves.

mod document;
mod error;
mod kind;
mod lint;
pub mod params;

pub use document::{Lexicon, MAX_BYTES};
pub use error::LexiconError;
pub use kind::LexiconType;
