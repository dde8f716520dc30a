//! Reading the index.

mod counts;
mod get;
mod list;
mod position;
mod record;
mod stored;
mod walk;

pub use counts::CollectionCount;
#[cfg(test)]
pub(crate) use list::LIST_STATEMENTS;
pub use list::{ListQuery, Page};
pub use position::Position;
pub use record::Record;
pub(crate) use record::uri;
pub use stored::Stored;
pub use walk::{Place, Walked};
