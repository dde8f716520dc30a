//! The database of a Happy server, read and never written (spec/sync.md §6).
//!
//! It is a PostgreSQL, which is read as it is at one moment, or a dump of the PostgreSQL that such a server carries inside
//! itself: lines `{"table":NAME,"row":{…}}`. Either way a row is a JSON object with a member for each column, as
//! `row_to_json` writes it: what it means is for whoever takes it over. A row that is too large or makes no sense is an
//! [`Unreadable`] of its own and holds up no other.

mod dump;
mod error;
mod rows;
mod source;
mod table;

pub use error::Error;
pub use postgres_source::Unreadable;
pub use rows::Rows;
pub use source::Source;
pub use table::Table;
