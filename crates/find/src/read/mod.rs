//! Answering from the index.

mod backlinks;
mod budget;
mod count;
mod get;
mod keyed;
mod narrowed;
mod newest;
mod part;
mod query;
mod rows;
mod search;
mod stretches;
mod windows;

pub(crate) use budget::Budget;
pub(crate) use part::Part;
pub(crate) use windows::Windows;
