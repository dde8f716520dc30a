//! `/admin/records`.

mod collections;
mod delete;
mod list;
mod purge;
mod self_labels;

pub(super) use collections::collections;
pub(super) use delete::delete;
pub(super) use list::list;
pub(super) use purge::purge;

use atproto::Nsid;
use server::Problem;

fn collection(text: &str) -> Result<Nsid, Problem> {
    Nsid::parse(text).map_err(|error| Problem::bad_request(format!("collection: {error}")))
}
