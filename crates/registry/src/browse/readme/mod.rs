//! What there is to read about a repository (spec/registry.md §6): the owner's page, else the file that the image names, else its
//! description; as Markdown, and as HTML in which nothing runs.

mod base;
mod fetch;
mod render;
mod show;

use base::Base;
pub(crate) use fetch::Readmes;
use render::render;
pub(super) use show::{ReadmeView, show};
