//! How much of a list is read at once, and how much all of them together.
//!
//! Rows are few or small, but what only clients can read may be 16 MiB in each of them. So their sizes are read first, and then as
//! many as fit; whatever is large has a place among all that are on their way.

mod fit;
mod place;

pub(crate) use fit::{Fit, LIST, PAGE};
pub(crate) use place::{Laden, Place};
