//! Bytes: in a folder or a bucket under the address of their content, or in a bucket under a name.
//!
//! A [`BlobStore`] is for a container registry: a [`Folder`], or [`Objects`] of a service that speaks S3. What is in it is written
//! once and never changed, so that whoever reads needs no lock. It says nothing of paths, and what it gives out are sizes and streams,
//! and signed URLs where there are such. [`docker`] reads what another registry has in its folder.
//!
//! Whoever stores something in a [`Bucket`] names it, once and for ever: an object is written and removed, never replaced, so nobody
//! reads a mixture. What is to be removed is for the database of its owner to remember.

mod blob;
mod blob_store;
mod bucket;
mod check;
pub mod docker;
mod entry;
mod error;
mod folder;
mod location;
mod objects;
mod sender;
mod service;
mod storage_error;
mod turns;
mod upload_error;
mod way;

pub use blob::{Blob, Chunks};
pub use blob_store::BlobStore;
pub use bucket::Bucket;
pub use check::Unfit;
pub use entry::Entry;
pub use error::Error;
pub use folder::{Folder, Fsync};
pub use location::Location;
pub use objects::{Objects, SCHEMA, Sizes, Wanted};
pub use sender::Sender;
pub use storage_error::StorageError;
pub use upload_error::UploadError;
