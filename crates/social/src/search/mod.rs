//! Finding thoughts and people by what is in them (spec/social.md §6.1).
//!
//! What is found has every word of what was asked, anywhere and in whatever case. The newest comes first: nothing here is ranked. Pieces of
//! three characters are indexed on both engines; words that are shorter are looked for among what is new.

mod index;
mod people;
mod routes;
mod text;
mod thoughts;

pub use index::build;
pub use people::people;
pub use text::Words;
pub use thoughts::thoughts;

pub(crate) use routes::routes;
