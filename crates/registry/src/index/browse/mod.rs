//! What pages show: repositories with what their newest image says, what they are found by, what owners write, and stars.
//!
//! Home and search read summaries, of which there is one for each repository; no list looks at manifests.

mod card;
mod face;
mod listed;
mod of_owner;
mod owners;
mod page;
mod push;
mod search;
mod star;
mod summary;
mod words;

pub(crate) use card::Card;
pub(crate) use face::Face;
pub(crate) use listed::Pushed;
pub(super) use page::page;
pub(super) use push::push;
pub(crate) use search::{Order, Query};
pub(super) use star::star;
pub(super) use summary::Changed;

#[cfg(test)]
mod tests;
