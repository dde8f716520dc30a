//! An answer, read to its end.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::{Attempt, Error};

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers; `Content-Encoding` and `Content-Length` are gone if the body was decompressed.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
    /// The URL that answered, after redirects.
    pub final_url: Url,
    /// What was attempted, for errors about the answer.
    pub(crate) attempt: Attempt,
}

impl Response {
    /// The answer itself if its status is 2xx, otherwise [`Error::Status`].
    pub fn success(self) -> Result<Self, Error> {
        if self.status.is_success() {
            Ok(self)
        } else {
            Err(Error::Status { attempt: self.attempt, status: self.status })
        }
    }

    /// The body as JSON, whatever the status and content type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body)
            .map_err(|source| Error::Json { attempt: self.attempt.clone(), source })
    }
}
