//! Bytes in a bucket that speaks S3.
//!
//! Whoever stores something here names it, once and for ever: an object is written and removed, never replaced, so nobody reads a
//! mixture. What is to be removed is for the database of its owner to remember.

mod bucket;
mod error;
mod location;

pub use bucket::Bucket;
pub use error::Error;
pub use location::Location;
