//! Lists: of tags, of repositories, of what refers to a manifest (spec/registry.md §1.7, §1.8).

mod catalog;
mod referrers;
mod tags;

pub(crate) use catalog::catalog;
pub(crate) use referrers::{no_referrers, referrers};
pub(crate) use tags::tags;

use oci::Page;

use crate::asked::Asked;
use crate::refusal::Refusal;

/// Entries of a page, if the client does not say.
const MOST: usize = 10_000;

fn page(asked: &Asked, most: usize) -> Result<Page, Refusal> {
    let (n, last) = (asked.parameter("n"), asked.parameter("last"));
    Ok(Page::parse(n.as_deref(), last.as_deref(), most)?)
}
