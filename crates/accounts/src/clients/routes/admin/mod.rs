//! `/admin/api-clients`.

mod create;
mod list;
mod remove;
mod show;
mod update;
mod view;

pub(super) use create::create;
pub(super) use list::list;
pub(super) use remove::remove;
pub(super) use show::show;
pub(super) use update::update;
