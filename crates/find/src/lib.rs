//! Questions about records by what is in them.
//!
//! [`Find`] answers what scripts ask through `db` (spec/appview.md §5.7) from the record index:
//!
//! - [`Find::query`]: the records of a collection that a [`Filter`] lets through, in the order of a [`Sort`], page by page;
//! - [`Find::search`]: the records whose field contains a text, the best first, out of an index if the field has one;
//! - [`Find::backlinks`]: the records that refer to another one;
//! - [`Find::get`] and [`Find::count`].
//!
//! [`Find::select`] answers what query lexicons ask: typed conditions, an order and words, out of [indexes](index) that
//! [`Find::declare`] names and [`Find::build_next`] builds while everything else goes on; [`Find::count_selected`] says how many
//! records that are.
//!
//! Questions are parsed from the JSON of the table that a script passed ([`Query::parse`] and its sisters), so that what
//! they mean and what is wrong with them is said in one place. Both engines give the same answers to the same questions:
//!
//! - **Comparison is typed.** A number is compared with JSON numbers, a string with strings, by their bytes, a boolean with
//!   booleans, `false` before `true`. Another type does not match, except that it is `!=`. `null` counts as missing, and
//!   what is missing never matches, not even `!=`.
//! - **Order is total.** Ascending: what has no order (missing, `null`, arrays and objects), `false`, `true`, numbers,
//!   strings by their first [`SORTED_CHARS`] characters; among equals the AT URI decides. Descending is the exact reverse.
//!   Without a sort the order is that of the index itself: when a record was first seen, newest first.
//! - **Pages do not shift.** A cursor names the place where the page ended, by value; records that come or go elsewhere
//!   neither repeat nor hide others.
//! - **Letters** are compared without case in ASCII only (`LIKE`, search).
//!
//! Numbers are exact, with one exception: beyond 2⁵³ a fraction and an integer may compare differently on the two engines,
//! because one keeps the fraction in binary and the other in decimal.
//!
//! A record whose repository is not served is not found. The work of one question is bounded: rows are looked at in
//! stretches, and between two of them the clock is ([`Error::TimeLimit`]).

mod arguments;
mod backlinks;
mod cursor;
mod error;
mod filter;
mod find;
mod found;
pub mod fuzzing;
pub mod index;
mod json_record;
mod key;
mod path;
mod place;
mod query;
mod read;
mod schema;
mod search;
mod select;
mod sql;
mod trigram;
mod words;

pub use backlinks::Backlinks;
pub use error::Error;
pub use filter::Filter;
pub use find::Find;
pub use found::{Found, Page};
pub use index::{Field, Scalar};
pub use json_record::json_record;
pub use key::SORTED_CHARS;
pub use path::{InvalidPath, Path};
pub use query::{Direction, Query, Sort};
pub use schema::SCHEMAS;
pub use search::Search;
pub use select::{
    Access, Arrangement, Bound, Condition, Counted, Explained, MAX_VALUES, Range, Selected, Selection, Test,
};
pub use words::{InvalidWords, MAX_FIELDS, MAX_QUERY_BYTES, WordQuery, Words};
