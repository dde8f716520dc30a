//! `/admin/network-lexicons`.

mod add;
mod list;
mod preview;
mod remove;

pub(super) use add::add;
pub(super) use list::list;
pub(super) use preview::preview;
pub(super) use remove::remove;

use atproto::Nsid;
use server::Problem;

fn nsid(text: &str) -> Result<Nsid, Problem> {
    Nsid::parse(text).map_err(|error| Problem::bad_request(format!("nsid: {error}")))
}
