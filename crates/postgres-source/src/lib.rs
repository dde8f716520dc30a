//! The tables of a PostgreSQL that belongs to another server, read as they are at one moment and never written.
//!
//! A row is a JSON object with a member for each column, as `row_to_json` writes it: what it means is for whoever takes it over.
//! Rows come in pages that are bounded in number and bytes, however large the table is. One that is too large or makes no sense is
//! an [`Unreadable`] of its own and holds up no other.

mod error;
mod page;
mod rows;
mod source;

pub use error::Error;
pub use page::{MAX_ROW, Page, Unreadable};
pub use rows::Rows;
pub use source::{Source, shown};
