//! Lexicons: the schemas that decide what the server indexes and serves, and what values are compared with.
//!
//! [`Lexicon`] is a document that can be used, [`Compiled`] its definitions in the form in which values are compared with
//! them; [`Definitions`] is where those of other lexicons are found. [`params`] are parameters of methods.
//!
//! All of it is pure: whoever has the lexicons decides what follows from a value that is [`Invalid`].

mod check;
mod compile;
mod data;
mod definitions;
mod document;
mod error;
mod fault;
mod format;
mod kind;
mod method;
pub mod params;
mod record;
mod schema;
mod verdict;

pub use data::Data;
pub use definitions::{Definitions, NoOthers};
pub use document::{Lexicon, MAX_BYTES};
pub use error::LexiconError;
pub use fault::Invalid;
pub use kind::LexiconType;
pub use schema::Compiled;
pub use verdict::Verdict;
