//! Bytes: in a folder under the address of their content, or in a bucket that speaks S3 under a name.
//!
//! [`Folder`] is for a container registry. What is in it is written once and never changed, so that whoever reads needs no lock.
//! It says nothing of paths, and what it gives out are sizes and streams, so that the same can be asked of a bucket: an upload
//! in parts, and blobs that are read by a signed URL.
//!
//! Whoever stores something in a [`Bucket`] names it, once and for ever: an object is written and removed, never replaced, so nobody
//! reads a mixture. What is to be removed is for the database of its owner to remember.

mod bucket;
mod check;
mod error;
mod folder;
mod location;
mod way;

pub use bucket::Bucket;
pub use check::Unfit;
pub use error::Error;
pub use folder::{Blob, Chunks, Entry, Folder, Fsync, StorageError, UploadError};
pub use location::Location;
