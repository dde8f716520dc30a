//! Other people's repositories: where they are, what is in them, and whether that can be believed.
//!
//! Nothing is stored here. What was read is handed on as [`Part`]s: stretches of a collection that are known completely,
//! with the revision of the repository that they were read at.

mod part;

pub use part::{Found, Part};
