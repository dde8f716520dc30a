//! Bytes in a bucket that speaks S3.
//!
//! Whoever stores something here names it, once and for ever: an object is written and removed, never replaced, so nobody reads a
//! mixture. What is to be removed is for the database of its owner to remember.

mod bucket;
mod check;
mod error;
mod location;
mod way;

pub use bucket::Bucket;
pub use check::Unfit;
pub use error::Error;
pub use location::Location;
