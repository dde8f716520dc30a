//! `GET /api/registry/repos/manifest`: one manifest, taken apart for people.

mod parts;
mod show;

pub(super) use show::{Asked, ManifestView, show};
