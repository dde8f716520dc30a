//! Feeds: walks of indexes from a position, whatever there is beyond it (spec/social.md §6.2).
//!
//! A [`Source`] says where entries come from, by index alone and a page at a time. What its reader may not see, or does not want to,
//! is left out afterwards by one statement, and the walk goes on until there is enough or it has gone far. So no feed costs more because
//! there is more of it, and none is a table that has to be kept.

mod home;
mod page;
#[cfg(test)]
mod plans;
mod popular;
mod ranked;
mod routes;
mod source;
mod span;
mod wanted;

pub use page::{Page, page};
pub use popular::popular;
pub use ranked::{Ranking, ranked};
pub use source::Source;
pub use span::Span;
pub use wanted::Wanted;

pub(crate) use routes::routes;

use crate::Id;

/// One entry of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place: the thought's id, or that of the boost or whatever else put it there.
    pub at: Id,
    /// What is shown.
    pub thought: Id,
    /// Who boosted it, if that is why it is there.
    pub boosted_by: Option<Id>,
}
