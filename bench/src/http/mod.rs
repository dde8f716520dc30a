//! An HTTP/1.1 client that takes as little as possible from the server it measures: requests are bytes made
//! beforehand, answers are read to their end and thrown away.

mod connection;
mod load;

pub use connection::{Answer, Connection, request};
pub(crate) use connection::{END_OF_HEAD, field, find};
pub use load::{Load, Outcome};
