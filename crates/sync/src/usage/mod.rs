//! What agents used: reported by sessions, summed up for people (spec/sync.md §2.7, §3.3).

mod query;
mod report;

pub(crate) use query::routes;
pub(crate) use report::Figures;
pub(crate) use report::{Report, figures, save};
