//! Sending blobs in parts (spec/registry.md §3.3).

mod complete;
mod initiate;
mod part;
mod url;

pub(crate) use complete::Input as Completed;
pub(crate) use complete::{abort, complete};
pub(crate) use initiate::initiate;
pub(crate) use part::{part, signed};
pub(crate) use url::part_url;

use oci::UploadId;
use server::Problem;

use crate::refusal::refused;

fn id_of(text: &str) -> Result<UploadId, Problem> {
    UploadId::parse(text).map_err(|_| refused("InvalidUploadId", "there is no such upload"))
}
