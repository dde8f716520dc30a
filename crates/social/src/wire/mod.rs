//! The REST API's words: errors, callers, pages, times (spec/social.md §3).

mod caller;
mod page;
mod style;
mod time;

pub(crate) use caller::{Me, Viewer};
pub(crate) use page::{Page, Paging};
pub(crate) use style::errors;
pub(crate) use time::instant;
