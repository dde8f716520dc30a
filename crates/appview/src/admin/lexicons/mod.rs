//! `/admin/lexicons`.

mod add;
mod list;
mod remove;
mod show;
mod view;

pub(super) use add::add;
pub(super) use list::list;
pub(super) use remove::remove;
pub(super) use show::show;

/// Told with a record lexicon whose history was asked for.
pub(super) const HISTORY_NOTE: &str = "records are indexed from now on; fetching older ones (backfill) comes with a \
     later version, and this lexicon is marked for it";
