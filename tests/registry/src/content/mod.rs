//! What is pushed: blobs of random bytes, manifests about them, and sets of both that belong together.

mod algorithm;
mod blob;
mod build;
mod manifest;
mod sets;

pub use algorithm::Algorithm;
pub use blob::Blob;
pub use build::{Builder, DOCKER_LIST, DOCKER_MANIFEST, EMPTY, INDEX, MANIFEST};
pub use manifest::Manifest;
pub use sets::DataSet;
