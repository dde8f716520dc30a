//! What comes of a write.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::Confirmed;

/// What the server of a repository answered.
#[derive(Clone, Debug)]
pub struct RepoAnswer {
    /// The status; anything but success means that nothing was written.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// The outcome of [`Records::write`](crate::Records::write).
#[derive(Clone, Debug)]
pub struct Written {
    /// The answer, for whoever asked for the write.
    pub answer: RepoAnswer,
    /// What was written. `None` if the write was refused, or the answer does not go with what was asked, so that nothing
    /// can be said before the stream tells.
    pub confirmed: Option<Confirmed>,
}
